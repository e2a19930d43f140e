//! Lists the packs under `rules/`, so that they are embedded in the binary, and takes the hash of the source.
//!
//! It does not read them: the rules floor parses the embedded text like any other.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    list(&root, &["toml", "csv"], &mut files)?;
    files.sort();
    println!("cargo::rustc-env=HEGUI_SOURCE={}", source()?);
    let mut code = String::from("pub(super) const FILES: &[(&str, &str)] = &[\n");
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
            "    ({name:?}, include_str!({:?})),",
            file.display().to_string()
        );
    }
    code.push_str("];\n");
    fs::write(
        PathBuf::from(env::var("OUT_DIR").unwrap_or_default()).join("packs.rs"),
        code,
    )
}

/// The hash of all that the engine is made of but the packs, which have hashes of their own.
fn source() -> io::Result<String> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    println!("cargo::rerun-if-changed={}", root.join("src").display());
    list(&root.join("src"), &["rs"], &mut files)?;
    files.sort();
    let mut hash = Sha256::new();
    for file in files.iter().filter(|file| file.is_file()) {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(file);
        hash.update(name.display().to_string().replace('\\', "/"));
        // Whatever line ends a checkout has, the source is the same.
        let text = fs::read_to_string(file)?.replace("\r\n", "\n");
        hash.update(Sha256::digest(text));
    }
    let digits = hash.finalize().iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    });
    Ok(digits)
}

fn list(folder: &Path, kinds: &[&str], files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            list(&path, kinds, files)?;
        } else if path
            .extension()
            .is_some_and(|e| kinds.iter().any(|kind| e == *kind))
        {
            files.push(path);
        }
    }
    Ok(())
}
