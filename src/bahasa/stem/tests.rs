//! The stemmer through its public face.

use std::borrow::Cow;

use super::{is_root, stem, stem_lower};

/// Checks pairs `word>root`, and names all that fail at once.
fn assert_stems(cases: &str) {
    let wrong: Vec<_> = cases
        .split_whitespace()
        .filter_map(|case| {
            let (word, root) = case.split_once('>')?;
            let found = stem(word);
            (found != root).then(|| format!("{case}, not {found}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(cases.split_whitespace().all(|case| case.contains('>')));
}

#[test]
fn words_of_the_field_that_must_survive() {
    for word in "keluarga perempuan peserta kelompok perilaku posyandu puskesmas balita \
                 baduta lansia disabilitas imunisasi stunting gizi eksklusif perkara permisi pekarangan \
                 perut peduli penting percaya kelamin ketua istri bidan rentenir sesi modul berita \
                 selatan pangan beruang sekolah sejahtera selimut terampil p2k2 kediri bermuda padang \
                 semarang"
        .split_whitespace()
    {
        assert_eq!(stem(word), word);
    }
}

#[test]
fn affixes_of_the_field() {
    assert_stems(
        "pertemuan>temu bertemu>temu pelayanan>layan menabung>tabung tabungan>tabung \
         mengurangi>kurang memakai>pakai kesehatan>sehat penyakit>sakit kesakitan>sakit \
         penyandang>sandang pengasuhan>asuh perlindungan>lindung pencegahan>cegah kekerasan>keras \
         kesejahteraan>sejahtera pengelolaan>kelola mengelola>kelola keuangan>uang \
         perencanaan>rencana menyusui>susu kehamilan>hamil persalinan>salin melahirkan>lahir \
         penimbangan>timbang pertumbuhan>tumbuh perkembangan>kembang pemberdayaan>daya \
         memberdayakan>daya mempunyai>punya memperbaiki>baik diperbolehkan>boleh \
         kebersamaan>sama keberhasilan>hasil berpendidikan>didik penelantaran>telantar \
         terlantar>telantar pendamping>damping mengimunisasi>imunisasi pinjaman>pinjam \
         peminjaman>pinjam meminjam>pinjam pembelajaran>ajar belajar>ajar pelajar>ajar \
         kebersihan>bersih pemanfaatan>manfaat pemenuhan>penuh pemetaan>peta rujukan>rujuk \
         permasalahan>masalah perawatan>rawat sehari-hari>hari makanan>makan bagian>bagi",
    );
}

#[test]
fn a_letter_that_two_roots_could_share() {
    assert_stems(
        "berisi>isi terisi>isi berusia>usia terancam>ancam beratap>atap beramal>amal berekor>ekor \
         berasa>rasa terasa>rasa perasaan>rasa berenang>renang berani>berani beruang>beruang \
         beribu>ribu berombak>ombak perombakan>rombak berambut>rambut terampas>rampas rinci>rinci \
         katakan>kata bedakan>beda carikan>cari samakan>sama mintakan>minta rapikan>rapi \
         gerakan>gerak tumpukan>tumpuk suntikan>suntik kotakan>kotak masakan>masak \
         petani>tani pengembangan>kembang mengembangkan>kembang mengajukan>aju ajukan>aju \
         menyukainya>suka pengawasan>awas perbankan>bank kekeringan>kering nonton>tonton menonton>tonton \
         memesan>pesan penitipan>titip perlukah>perlu penyegaran>segar alasan>alasan",
    );
}

#[test]
fn nasal_prefixes_and_what_they_swallow() {
    assert_stems(
        "menulis>tulis penulis>tulis memukul>pukul menyapu>sapu mengirim>kirim mengajar>ajar \
         mengubah>ubah mengarang>karang mengalahkan>kalah membaca>baca mendaftar>daftar \
         mengganti>ganti melihat>lihat merawat>rawat mewarnai>warna menyanyi>nyanyi \
         menikah>nikah memasak>masak mengecat>cat pengesahan>sah mengepel>pel pengalaman>alam \
         menerjemahkan>terjemah memproduksi>produksi mentransfer>transfer mengklaim>klaim \
         perubahan>ubah berikan>beri pemberian>beri",
    );
}

#[test]
fn particles_possessives_and_chains_of_prefixes() {
    assert_stems(
        "bacalah>baca siapakah>siapa apapun>apa rumahnya>rumah anakku>anak bukumu>buku \
         kuambil>ambil kaubawa>bawa dikeluarkan>keluar keterlibatan>libat seluruhnya>seluruh \
         mengikutsertakan>ikutserta kepemilikan>milik dipertemukan>temu \
         berkeluarga>keluarga sepengetahuan>tahu mengemukakan>muka berlarian>lari",
    );
}

#[test]
fn doublings() {
    assert_stems(
        "anak-anak>anak anak-anaknya>anak anak2>anak anak2nya>anak sayur-mayur>sayur \
         berlari-larian>lari tolong-menolong>tolong memukul-mukul>pukul menari-nari>tari \
         kehijau-hijauan>hijau ibu-ibu>ibu pertama-tama>pertama lauk-pauk>lauk pepohonan>pohon \
         bebatuan>batu se-kecamatan>camat",
    );
    // Different words are for the tokenizer to part.
    assert_eq!(stem("ibu-anak"), "ibu-anak");
}

#[test]
fn everyday_speech() {
    assert_stems(
        "ngatur>atur nyusuin>susu nabung>tabung mukul>pukul ngajarin>ajar bikinin>bikin \
         ngebantu>bantu nyuci>cuci ngirim>kirim ketabrak>tabrak dimasukin>masuk masukin>masuk",
    );
}

#[test]
fn unknown_roots_lose_only_what_is_certain() {
    assert_stems(
        "memviralkan>viral gawainya>gawai mengunggah>unggah smartphonenya>smartphone \
         di-posting>posting berlin>berlin medina>medina kenya>kenya diana>diana sonya>sonya \
         blorpingnya>blorping mendrobatkan>drobat pendrobatan>drobat",
    );
}

#[test]
fn capitals_and_accents_do_not_matter() {
    assert_eq!(stem("MENABUNG"), "tabung");
    assert_eq!(stem("mémukul"), "pukul");
    assert_eq!(stem("kesehat\u{ad}an"), "sehat");
    assert_eq!(stem("do'a"), "doa");
}

#[test]
fn stemming_a_root_again_changes_nothing() {
    for word in "pelayanan menabung pertemuan kesehatan memakai perubahan anak-anak".split(' ') {
        let root = stem(word);
        assert_eq!(stem(&root), root);
        assert!(is_root(&root), "{root}");
    }
    assert!(!is_root("menabung"));
}

#[test]
fn known_roots_need_no_allocation() {
    assert!(matches!(stem_lower("penulisan"), Cow::Borrowed("tulis")));
    assert!(matches!(stem_lower("qwrtz"), Cow::Borrowed("qwrtz")));
}

#[test]
fn odd_input_comes_back_unharmed() {
    let long = "mempertanggungjawabkan".repeat(500);
    for word in [
        "",
        "a",
        "-",
        "--",
        "-an",
        "nya",
        "2",
        "anak2x",
        "\0",
        "\u{200f}",
        "😀",
        "me😀kan",
        "مرحبا",
        "ﬁ",
        "İ",
        "e\u{301}",
        "kan-kan-kan",
        "----------",
        "di-",
        "-di",
        long.as_str(),
    ] {
        let stem = stem(word);
        assert!(stem.len() <= word.len() + 4, "{word}");
    }
}

#[test]
fn garbage_is_left_alone() {
    let garbage: String = (0..10_240_u32)
        .map(|n| {
            char::from(b'a' + u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap_or(0) % 26)
        })
        .collect();
    // Longer than any word: no reading is tried, so the time does not grow with the length.
    assert_eq!(stem(&garbage), garbage);
    assert_eq!(stem(&format!("{garbage}-{garbage}")).len(), 2 * garbage.len() + 1);
}
