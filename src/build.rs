//! Lists the packs under `rules/`, so that they are embedded in the binary.
//!
//! It does not read them: the rules floor parses the embedded text like any other.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    list(&root, &mut files)?;
    files.sort();
    let (layers, texts): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_layer(file));
    let mut code = String::new();
    for (constant, kind, include, files) in [
        ("FILES", "&str", "include_str", texts),
        ("LAYERS", "&[u8]", "include_bytes", layers),
    ] {
        let _ = writeln!(code, "pub(super) const {constant}: &[(&str, {kind})] = &[");
        for file in files {
            println!("cargo::rerun-if-changed={}", file.display());
            let name = file
                .strip_prefix(&root)
                .unwrap_or(&file)
                .display()
                .to_string()
                .replace('\\', "/");
            let _ = writeln!(
                code,
                "    ({name:?}, {include}!({:?})),",
                file.display().to_string()
            );
        }
        code.push_str("];\n");
    }
    fs::write(
        PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("packs.rs"),
        code,
    )
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            list(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") || is_layer(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// True for the map file of a layer.
fn is_layer(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "geojson")
}
