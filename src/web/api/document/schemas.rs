//! What calls take, as JSON schemas.

use serde_json::{Value, json};

#[expect(clippy::needless_pass_by_value, reason = "a value is made in the call")]
fn object(required: &[&str], properties: Value) -> Value {
    json!({
        "type": "object", "additionalProperties": false,
        "required": required, "properties": properties
    })
}

/// Every schema by its name.
pub(super) fn schemas() -> Value {
    let id = json!({ "type": "string", "format": "uuid" });
    let text = json!({ "type": "string", "maxLength": 1000 });
    let version = json!({ "type": "integer", "minimum": 0 });
    let correction = |mut record: Value| {
        let object = record.as_object_mut();
        if let Some(properties) = object.and_then(|one| one.get_mut("properties")?.as_object_mut())
        {
            properties.insert("reason".to_owned(), text.clone());
            properties.insert("version".to_owned(), version.clone());
        }
        if let Some(required) = record.get_mut("required").and_then(Value::as_array_mut) {
            required.extend([json!("reason"), json!("version")]);
        }
        record
    };
    let mut all = json!({
        "Kesalahan": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" },
                "status": { "type": "integer" }, "detail": { "type": "string" },
                "errors": { "type": "array", "items": {
                    "type": "object", "required": ["field", "message"],
                    "properties": { "field": { "type": "string" }, "message": { "type": "string" } }
                } }
            }
        },
        "Kunjungan": visit(),
        "KoreksiKunjungan": correction(visit()),
        "Pemeriksaan": object(&["id", "kelompok", "date", "office"], json!({
            "id": id, "kelompok": { "type": "string" },
            "date": { "type": "string", "format": "date" },
            "office": { "type": "string", "maxLength": 120 },
            "found": { "type": "boolean", "default": true },
            "counted": { "type": "integer", "minimum": 0, "maximum": 500 }
        })),
        "Selesaikan": object(&["id", "outcome"], json!({
            "id": id,
            "outcome": { "enum": ["diubah", "tercatat-benar", "ditemukan", "tidak-aktif", "lain"] },
            "reason": { "type": "string" }, "note": text
        })),
        "Pertemuan": record(),
        "Koreksi": correction(record()),
        "Tarik": object(&["id", "reason", "version"], json!({ "id": id, "reason": text, "version": version })),
        "Tanya": object(&["id", "text"], json!({ "id": id, "text": text })),
        "UbahKelompok": object(&["id", "version"], json!({
            "id": id, "version": version, "name": { "type": "string" },
            "delta": { "type": "integer" }, "date": { "type": "string", "format": "date" },
            "reason": { "type": "string" }, "note": text,
            "seats": { "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 65535 },
                "description": "Nomor urut yang keluar, bila anggota bernomor dan “delta” di bawah 0." }
        })),
        "Draf": object(&["text"], json!({ "text": { "type": "string" } })),
        "Ajukan": object(&["summary"], json!({ "id": id, "summary": text })),
        "Kembalikan": object(&["reason"], json!({ "id": id, "revision": { "type": "string" }, "reason": text })),
        "Terbitkan": object(&["revision", "kind", "note"], json!({
            "id": id, "revision": { "type": "string" },
            "kind": { "enum": ["substansi", "redaksional"] }, "note": text
        }))
    });
    if let (Some(all), Value::Object(life)) = (all.as_object_mut(), life_schemas()) {
        all.extend(life);
    }
    all
}

fn life_schemas() -> Value {
    let id = json!({ "type": "string", "format": "uuid" });
    let (plain, date) =
        (json!({ "type": "string" }), json!({ "type": "string", "format": "date" }));
    let text = json!({ "type": "string", "maxLength": 1000 });
    let version = json!({ "type": "integer", "minimum": 0 });
    let count = json!({ "type": "integer", "minimum": 0, "maximum": 65535 });
    let maybe = json!({ "type": ["string", "null"] });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let versioned = list(object(&["id", "version"], json!({ "id": plain, "version": version })));
    let part = object(
        &["id", "name"],
        json!({ "id": plain, "name": plain, "members": count, "seats": list(count) }),
    );
    json!({
        "Gabung": object(&["id", "version", "with", "new_id", "name", "on", "reason"], json!({
            "id": id, "version": version, "with": versioned, "new_id": plain, "name": plain,
            "pendamping": maybe, "on": date, "reason": text
        })),
        "Pecah": object(&["id", "version", "into", "on", "reason"], json!({
            "id": id, "version": version, "into": list(part), "on": date, "reason": text
        })),
        "Bubarkan": object(&["id", "version", "on", "reason"], json!({
            "id": id, "version": version, "on": date, "reason": text
        })),
        "Batalkan": object(&["id", "line", "reason"], json!({
            "id": id, "line": version, "reason": text
        })),
        "Tugaskan": object(&["id", "version", "from"], json!({
            "id": id, "version": version, "from": date, "pendamping": maybe
        })),
        "Kursi": object(&["id", "version", "date"], json!({
            "id": id, "version": version, "date": date
        })),
        "Rencana": object(&["id", "version", "change"], json!({
            "id": id, "version": version,
            "change": { "enum": ["pindah", "tukar", "tinggalkan", "kembalikan", "susun-ulang"] },
            "sesi": plain, "month": { "type": "string", "examples": ["2026-11"] }, "with": plain
        })),
        "SerahTerima": object(&["id", "from", "to", "day", "kelompok"], json!({
            "id": id, "from": plain, "to": plain, "day": date, "kelompok": versioned
        })),
        "UbahBersama": object(&["id", "kelompok", "change", "from"], json!({
            "id": id, "kelompok": versioned, "from": date, "to": date, "reason": text,
            "change": { "enum": ["pendamping", "pindah", "tangguhkan"] },
            "pendamping": maybe, "desa": list(plain)
        })),
        "Libur": object(&["id", "version", "list"], json!({
            "id": id, "version": version,
            "list": list(object(&["from", "to", "name"], json!({
                "from": date, "to": date, "name": { "type": "string", "maxLength": 120 }
            })))
        }))
    })
}

/// A visit names a wilayah or a kelompok.
fn visit() -> Value {
    let text = json!({ "type": "string", "maxLength": 1000 });
    object(
        &["id", "date", "office", "attended"],
        json!({
            "id": { "type": "string", "format": "uuid" },
            "wilayah": { "type": "string" }, "kelompok": { "type": "string" },
            "date": { "type": "string", "format": "date" },
            "office": { "type": "string", "maxLength": 120 },
            "attended": text, "note": text
        }),
    )
}

fn record() -> Value {
    let count = json!({ "type": "integer", "minimum": 0, "maximum": 65535 });
    let text = json!({ "type": "string", "maxLength": 1000 });
    let texts = json!({ "type": "array", "items": { "type": "string", "maxLength": 120 } });
    let time = json!({ "type": "string", "examples": ["10:00"] });
    let sesi = object(
        &["id", "extent"],
        json!({
            "id": { "type": "string" },
            "extent": { "enum": ["tuntas", "sebagian"] },
            "edition": { "type": "integer", "minimum": 0, "description": "0: buku cetak" },
            "langkah": { "type": "array", "items": { "type": "integer", "minimum": 1, "maximum": 32 } }
        }),
    );
    object(
        &["id", "kelompok", "date", "present", "sick", "absent"],
        json!({
            "id": { "type": "string", "format": "uuid" },
            "kelompok": { "type": "string" },
            "date": { "type": "string", "format": "date" },
            "kind": { "type": "string", "default": "lengkap" },
            "sesi": { "type": "array", "items": sesi },
            "present": count, "sick": count, "absent": count, "members": count,
            "absent_seats": { "type": "array", "items": count },
            "start": time, "end": time, "place": text, "discussion": { "type": "boolean" },
            "speakers": texts, "topics": texts,
            "obstacles": text, "follow_up": text, "note": text
        }),
    )
}
