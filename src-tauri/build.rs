//! Builds the app's manifest: the configuration, and what the page may call.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A manifest of our own commands exists, so each is refused unless a permission names it.
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/*")
            .app_manifest(
                tauri_build::AppManifest::new()
                    .permissions_path_pattern("src-tauri/permissions/*.toml"),
            ),
    )?;
    Ok(())
}
