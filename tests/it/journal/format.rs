//! Every released format is read for ever.

use std::path::Path;

use p2k2::journal::fault::FaultDisk;
use p2k2::journal::{Expected, Journal, verify};
use p2k2::private::Private;

use super::{DIR, line, opened, read_all, same};

#[test]
fn private_texts_have_one_written_form() {
    let cases = [
        (Private::from("Bu Sari"), r#"{"~":"Bu Sari"}"#, "Bu Sari"),
        (Private::from(String::new()), r#"{"~":""}"#, ""),
        (Private::Redacted, r#"{"~":null}"#, "(dihapus)"),
    ];
    for (private, json, shown) in cases {
        assert_eq!(serde_json::to_string(&private).unwrap(), json);
        assert_eq!(serde_json::from_str::<Private>(json).unwrap(), private);
        assert_eq!(private.to_string(), shown);
        assert_eq!(private.as_str().is_none(), private.is_redacted());
    }
    for wrong in ["{}", r#"{"a":"x"}"#, r#"{"~":1}"#, r#"{"~":"x","a":1}"#, r#""x""#] {
        assert!(serde_json::from_str::<Private>(wrong).is_err(), "{wrong}");
    }
}
