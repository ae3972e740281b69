//! The API described once: the `OpenAPI` document and the page for developers are made from this.

mod schemas;

use serde_json::{Map, Value, json};

use schemas::schemas;

/// Calls that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: &'static str,
    /// Its calls.
    pub calls: Vec<Call>,
}

/// One call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method in capitals.
    pub method: &'static str,
    /// The path, below `/api/v1`.
    pub path: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Who may.
    pub access: &'static str,
    /// What it takes in path and query.
    pub parameters: Vec<Parameter>,
    /// The name of the schema of its body, if it takes one.
    pub body: Option<&'static str>,
    /// The status of success.
    pub success: u16,
}

/// One parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// `path`, `query` or `header`.
    pub place: &'static str,
    /// Its JSON type.
    pub kind: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub text: &'static str,
}

const ANYONE: &str = "Siapa saja, selama materi terbuka untuk umum.";
const MEMBER: &str = "Yang sudah masuk; hanya kelompok dalam wewenangnya.";
const WRITER: &str = "Pelatih.";
const REVIEWER: &str = "Penelaah yang tidak ikut menulis.";

fn query(name: &'static str, kind: &'static str, text: &'static str) -> Parameter {
    Parameter { name, place: "query", kind, required: false, text }
}

fn call(
    (method, path): (&'static str, &'static str),
    summary: &'static str,
    access: &'static str,
    parameters: Vec<Parameter>,
) -> Call {
    let mut all: Vec<Parameter> = Vec::new();
    if path.contains("{id}") {
        all.push(Parameter {
            name: "id",
            place: "path",
            kind: "string",
            required: true,
            text: "Id.",
        });
    }
    all.extend(parameters);
    Call { method, path, summary, access, parameters: all, body: None, success: 200 }
}

impl Call {
    fn takes(mut self, body: &'static str) -> Self {
        self.body = Some(body);
        self
    }

    fn creates(mut self) -> Self {
        self.success = 201;
        self
    }
}

/// Every call, in the order of the page for developers.
#[must_use]
pub fn groups() -> Vec<Group> {
    vec![curriculum(), texts(), groups_of_kpm(), life(), meetings(), oversight(), numbers()]
}

fn curriculum() -> Group {
    let calls = vec![
        call(("GET", "/skema"), "Semua skema dengan modul dan sesinya.", ANYONE, vec![]),
        call(("GET", "/modul"), "Semua modul dengan sesinya.", ANYONE, vec![]),
        call(
            ("GET", "/sesi/{id}"),
            "Sesi sebagai JSON, atau naskahnya bila Accept: text/markdown.",
            ANYONE,
            vec![query("edisi", "integer", "Nomor edisi; tanpa ini edisi yang berlaku.")],
        ),
        call(("GET", "/sesi/{id}/revisi"), "Semua edisi sesi.", ANYONE, vec![]),
        call(
            ("GET", "/sesi/{id}/diff"),
            "Perbedaan dua naskah, kata demi kata.",
            ANYONE,
            vec![
                query("dari", "string", "Nomor edisi."),
                query("ke", "string", "Nomor edisi, atau “tinjauan”."),
            ],
        ),
        call(
            ("GET", "/cari"),
            "Pencarian, dikelompokkan per sesi.",
            ANYONE,
            vec![
                query("q", "string", "Kata yang dicari."),
                query("modul", "string", "Id modul."),
                query("bagian", "string", "Bagian, misalnya langkah-langkah."),
                query("skema", "string", "Id skema."),
                query("sasaran", "string", "Untuk siapa, misalnya ibu hamil."),
                query("persis", "string", "“ya”: hanya kata persis seperti ditulis."),
                query("naskah", "string", "“ya”: juga naskah dan edisi lama, bagi yang berhak."),
                query("limit", "integer", "Dari 1 sampai 50; tanpa ini 10."),
                query("offset", "integer", "Berapa hasil yang dilewati, paling banyak 10.000."),
            ],
        ),
    ];
    Group { name: "Kurikulum", calls }
}

fn texts() -> Group {
    let base = Parameter {
        name: "If-Match",
        place: "header",
        kind: "string",
        required: false,
        text: "Versi naskah sementara yang Anda baca; versi lain dijawab 412 dengan kedua naskah.",
    };
    let calls = vec![
        call(("GET", "/sesi/{id}/draf"), "Naskah sementara.", WRITER, vec![]),
        call(("PUT", "/sesi/{id}/draf"), "Menyimpan naskah sementara.", WRITER, vec![base])
            .takes("Draf"),
        call(("POST", "/sesi/{id}/ajukan"), "Mengajukan naskah untuk ditinjau.", WRITER, vec![])
            .takes("Ajukan")
            .creates(),
        call(("POST", "/sesi/{id}/kembalikan"), "Mengembalikan naskah.", REVIEWER, vec![])
            .takes("Kembalikan"),
        call(("POST", "/sesi/{id}/terbitkan"), "Menerbitkan tepat naskah ini.", REVIEWER, vec![])
            .takes("Terbitkan")
            .creates(),
    ];
    Group { name: "Naskah", calls }
}

fn paged() -> Vec<Parameter> {
    vec![
        query("limit", "integer", "Dari 1 sampai 500; tanpa ini 100."),
        query("cursor", "string", "“next” dari jawaban sebelumnya."),
    ]
}

fn groups_of_kpm() -> Group {
    let mut list = vec![query("wilayah", "string", "Kode wilayah.")];
    list.extend(paged());
    let calls = vec![
        call(("GET", "/kelompok"), "Kelompok di sebuah wilayah.", MEMBER, list),
        call(("GET", "/kelompok/{id}"), "Satu kelompok.", MEMBER, vec![]),
        call(("POST", "/kelompok/{id}"), "Mengganti nama atau jumlah anggota.", MEMBER, vec![])
            .takes("UbahKelompok"),
        call(("GET", "/kelompok/{id}/pertemuan"), "Pertemuan kelompok.", MEMBER, paged()),
    ];
    Group { name: "Kelompok", calls }
}

/// What becomes of kelompok: the same changes as on their pages.
fn life() -> Group {
    const ADMIN: &str = "Admin wilayahnya.";
    let change =
        |path, summary, access, body| call(("POST", path), summary, access, vec![]).takes(body);
    let get = |path, summary| call(("GET", path), summary, MEMBER, vec![]);
    let calls = vec![
        change("/kelompok/{id}/gabung", "Menggabung kelompok menjadi yang baru.", ADMIN, "Gabung"),
        change("/kelompok/{id}/pecah", "Memecah kelompok menjadi beberapa.", ADMIN, "Pecah"),
        change("/kelompok/{id}/bubarkan", "Membubarkan kelompok.", ADMIN, "Bubarkan"),
        change(
            "/kelompok/{id}/batalkan",
            "Membatalkan penggabungan, pemecahan atau pembubaran.",
            ADMIN,
            "Batalkan",
        ),
        change("/kelompok/{id}/pendamping", "Menugaskan pendamping.", ADMIN, "Tugaskan"),
        get("/kelompok/{id}/kursi", "Nomor urut anggota kelompok dan sesi yang perlu disusulkan."),
        change(
            "/kelompok/{id}/kursi",
            "Memberi nomor urut kepada semua anggota.",
            "Pendamping kelompok, supervisor dan admin wilayahnya.",
            "Kursi",
        ),
        get("/kelompok/{id}/rencana", "Rencana kelompok, bulan demi bulan."),
        change(
            "/kelompok/{id}/rencana",
            "Mengubah rencana dengan tangan.",
            "Pendamping kelompok dan supervisor wilayahnya.",
            "Rencana",
        ),
        change(
            "/serah-terima",
            "Menyerahkan kelompok kepada pendamping lain.",
            ADMIN,
            "SerahTerima",
        ),
        change(
            "/ubah-bersama",
            "Mengubah beberapa kelompok sekaligus: semuanya atau tidak satu pun.",
            "Admin wilayahnya; supervisor untuk penangguhan.",
            "UbahBersama",
        ),
        get("/wilayah/{id}/libur", "Libur pertemuan di sebuah wilayah."),
        change(
            "/wilayah/{id}/libur",
            "Mengganti daftar libur; yang sudah lewat tetap.",
            "Supervisor dan admin wilayahnya.",
            "Libur",
        ),
    ];
    Group { name: "Perubahan kelompok", calls }
}

fn meetings() -> Group {
    let calls = vec![
        call(("POST", "/pertemuan"), "Mencatat pertemuan; boleh dikirim ulang.", MEMBER, vec![])
            .takes("Pertemuan")
            .creates(),
        call(
            ("GET", "/pertemuan/{id}"),
            "Satu pertemuan dengan teks dan riwayatnya.",
            MEMBER,
            vec![],
        ),
        call(("POST", "/pertemuan/{id}/koreksi"), "Mengubah catatan.", MEMBER, vec![])
            .takes("Koreksi"),
        call(("POST", "/pertemuan/{id}/tarik"), "Menarik catatan.", MEMBER, vec![]).takes("Tarik"),
        call(("POST", "/pertemuan/{id}/tanya"), "Bertanya tentang catatan.", "Supervisor.", vec![])
            .takes("Tanya"),
    ];
    Group { name: "Pertemuan", calls }
}

fn oversight() -> Group {
    const SUPERVISOR: &str = "Supervisor wilayahnya.";
    let mut list = vec![query("wilayah", "string", "Kode wilayah.")];
    list.extend(paged());
    let mut visits = list.clone();
    visits.push(query("dari", "string", "Tanggal pertama."));
    visits.push(query("sampai", "string", "Tanggal terakhir."));
    let mut checks = list;
    checks.push(query("terbuka", "string", "“ya”: hanya yang belum selesai."));
    let calls = vec![
        call(("GET", "/kunjungan"), "Kunjungan di sebuah wilayah, terbaru dulu.", MEMBER, visits),
        call(
            ("POST", "/kunjungan"),
            "Mencatat kunjungan; boleh dikirim ulang.",
            SUPERVISOR,
            vec![],
        )
        .takes("Kunjungan")
        .creates(),
        call(("GET", "/kunjungan/{id}"), "Satu kunjungan.", MEMBER, vec![]),
        call(("POST", "/kunjungan/{id}/koreksi"), "Mengubah kunjungan.", SUPERVISOR, vec![])
            .takes("KoreksiKunjungan"),
        call(("POST", "/kunjungan/{id}/tarik"), "Menarik kunjungan.", SUPERVISOR, vec![])
            .takes("Tarik"),
        call(("GET", "/pemeriksaan"), "Pemeriksaan keberadaan dan jumlah anggota.", MEMBER, checks),
        call(("POST", "/pemeriksaan"), "Mencatat pemeriksaan kelompok.", SUPERVISOR, vec![])
            .takes("Pemeriksaan")
            .creates(),
        call(("GET", "/pemeriksaan/{id}"), "Satu pemeriksaan.", MEMBER, vec![]),
        call(
            ("POST", "/pemeriksaan/{id}/selesaikan"),
            "Menyelesaikan pemeriksaan.",
            SUPERVISOR,
            vec![],
        )
        .takes("Selesaikan"),
    ];
    Group { name: "Kunjungan dan pemeriksaan", calls }
}

fn numbers() -> Group {
    let calls = vec![
        call(
            ("GET", "/cakupan"),
            "Cakupan dan angka bulan sebuah wilayah; tanpa wilayah semua wilayah Anda, bagi pendamping kelompoknya sendiri.",
            MEMBER,
            vec![
                query("wilayah", "string", "Kode wilayah."),
                query(
                    "per",
                    "string",
                    "kelompok, desa, kecamatan, kabupaten, provinsi atau pendamping.",
                ),
                query("pada", "string", "Tanggal; tanpa ini hari ini."),
                query("format", "string", "json, csv atau xlsx."),
            ],
        ),
        call(
            ("GET", "/perubahan"),
            "Apa yang berubah sejak sebuah nomor jurnal, satu baris untuk setiap kelompok, sesi atau wilayah.",
            MEMBER,
            vec![query("sejak", "integer", "Nomor jurnal.")],
        ),
        call(("GET", "/health"), "Keadaan server.", "Siapa saja.", vec![]),
    ];
    Group { name: "Angka dan keadaan", calls }
}

/// The `OpenAPI` 3.1 document.
#[must_use]
pub fn openapi() -> Value {
    let mut paths = Map::new();
    for call in groups().into_iter().flat_map(|group| group.calls) {
        let operation = operation(&call);
        let entry = paths.entry(format!("/api/v1{}", call.path)).or_insert_with(|| json!({}));
        if let Some(entry) = entry.as_object_mut() {
            entry.insert(call.method.to_lowercase(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "p2k2",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Kurikulum P2K2, pertemuan kelompok dan cakupannya. Tidak ada yang diabaikan diam-diam: parameter, kunci isi kiriman, atau nilai yang tidak dikenal dijawab 422 dengan nama isiannya. Nilai kosong sama dengan tidak dikirim."
        },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas()
        },
        "security": [{ "token": [] }, {}]
    })
}

fn operation(call: &Call) -> Value {
    let parameters: Vec<Value> = call
        .parameters
        .iter()
        .map(|one| {
            json!({
                "name": one.name, "in": one.place, "required": one.required,
                "description": one.text, "schema": { "type": one.kind }
            })
        })
        .collect();
    let problem = json!({
        "description": "Kesalahan, dengan sebab dan apa yang perlu dilakukan.",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Kesalahan" } } }
    });
    let mut responses = Map::new();
    responses.insert(call.success.to_string(), json!({ "description": "Berhasil." }));
    for status in ["304", "400", "401", "403", "404", "409", "412", "413", "422", "503", "507"] {
        let text = if status == "304" {
            json!({ "description": "Tidak berubah." })
        } else {
            problem.clone()
        };
        responses.insert(status.to_owned(), text);
    }
    let mut operation = json!({
        "summary": call.summary,
        "description": call.access,
        "parameters": parameters,
        "responses": responses
    });
    if let (Some(body), Some(operation)) = (call.body, operation.as_object_mut()) {
        let schema = json!({ "$ref": format!("#/components/schemas/{body}") });
        operation.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": { "application/json": { "schema": schema } } }),
        );
    }
    operation
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_document_and_the_router_name_the_same_calls() {
        let routed: BTreeSet<String> = super::super::table()
            .iter()
            .flat_map(|route| route.methods.iter().map(|method| format!("{method} {}", route.path)))
            .collect();
        let described: BTreeSet<String> = super::groups()
            .iter()
            .flat_map(|group| &group.calls)
            .map(|call| format!("{} {}", call.method.to_lowercase(), call.path))
            .collect();
        assert_eq!(routed, described);
    }

    #[test]
    fn every_body_has_a_schema() {
        let document = super::openapi();
        for call in super::groups().iter().flat_map(|group| &group.calls) {
            if let Some(body) = call.body {
                assert!(document["components"]["schemas"][body].is_object(), "{body}");
            }
        }
    }
}
