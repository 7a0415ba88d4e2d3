//! For tests alone: a store in a folder of its own, a way to wait for it, and the check that
//! SQLite takes every statement of this folder.

use super::{Home, Reader, Store};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Waits for the store on this thread.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime on one thread needs nothing").block_on(future)
}

/// A folder that is gone after the test.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("the system has a folder for temporary files")
}

/// Opens the store in a folder, as a start of the program does.
pub(crate) async fn open(folder: &Path) -> (Store, Reader) {
    let home = Home::Scratch(folder.join("rollcall.db"));
    Store::open(&home, || Duration::ZERO).await.expect("a new folder takes a store")
}

mod tests {
    use super::*;
    use sqlx::{Executor, SqlSafeStr};

    /// The texts between quotes in a source that are statements of their own.
    fn statements(source: &str) -> Vec<String> {
        const VERBS: [&str; 4] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
        let code = source.split("mod tests {").next().unwrap_or_default();
        let code: Vec<&str> =
            code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        code.join("\n")
            .split('"')
            .skip(1)
            .step_by(2)
            .map(|text| text.replace("\\\n", ""))
            .flat_map(|text| text.split(';').map(str::to_owned).collect::<Vec<_>>())
            .filter(|text| VERBS.iter().any(|verb| text.trim_start().starts_with(verb)))
            .collect()
    }

    #[test]
    fn sqlite_takes_every_statement_of_this_folder() {
        let folder = folder();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
        wait(async {
            let (mut store, _) = open(folder.path()).await;
            let mut prepared = 0;
            for file in std::fs::read_dir(sources).expect("this folder is there") {
                let file = file.expect("this folder can be read").path();
                let source = std::fs::read_to_string(&file).expect("a source is text");
                for sql in statements(&source) {
                    let text = sqlx::AssertSqlSafe(sql.clone()).into_sql_str();
                    let outcome = (&mut store.connection).prepare(text).await;
                    assert!(outcome.is_ok(), "{}: {sql}: {:?}", file.display(), outcome.err());
                    prepared += 1;
                }
            }
            assert!(prepared > 100, "only {prepared} statements were found");
        });
    }
}
