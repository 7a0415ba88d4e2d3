//! Every SQL text of this folder is understood by a migrated database.

use super::{Home, Store};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};
use std::time::Duration;

/// The SQL constants of the folder, read off the sources: `const NAME: &str = "…";`.
fn constants() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let source = std::fs::read_to_string(entry.path()).unwrap_or_default();
        for piece in source.split("\nconst ").skip(1) {
            let Some((name, rest)) = piece.split_once(": &str =") else { continue };
            let text = rest.trim_start().strip_prefix('"').and_then(|text| text.split_once("\";"));
            if let Some((sql, _)) = text {
                found.push((name.to_owned(), sql.to_owned()));
            }
        }
    }
    found
}

#[tokio::test]
async fn every_sql_text_can_be_prepared() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::Scratch(folder.path().join("rollcall.db"));
    let (mut store, _) = Store::open(&home, || Duration::ZERO).await.expect("a store");
    let constants = constants();
    assert!(constants.len() > 90, "only {} were found", constants.len());
    let mut wrong = Vec::new();
    for (name, sql) in constants {
        let sql = AssertSqlSafe(sql).into_sql_str();
        if let Err(trouble) = store.connection.prepare(sql).await {
            wrong.push(format!("{name}: {trouble}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
