//! The configuration as a user meets it: through the real binary.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use edge::config::{self, Config, Sources};

fn vachak(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vachak"));
    command.args(arguments).env_remove("VACHAK_CONFIG");
    command.envs(environment.iter().copied()).output().unwrap()
}

/// Exit code and stderr for a configuration of this text.
fn checked(text: &str) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("vachak.toml");
    fs::write(&file, text).unwrap();
    let output = vachak(&["check-config", file.to_str().unwrap()], &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), told.replace(file.to_str().unwrap(), "FILE"))
}

#[test]
fn the_example_holds_every_key_with_its_default() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vachak.example.toml");
    let read = config::load(&Sources { file: Some(path.clone()), ..Sources::default() }).unwrap();
    assert_eq!(read, Config::default());
    // With every commented key switched on it still has no unknown one, and the tree has none that it lacks.
    let all: String = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .fold(String::new(), |text, line| text + line + "\n");
    let full: Config = toml::from_str(&all).unwrap();
    let keys = |table: &toml::Table| -> Vec<String> {
        let section = |(name, value): (&String, &toml::Value)| match value {
            toml::Value::Table(keys) => keys.keys().map(|key| format!("{name}.{key}")).collect(),
            _ => vec![name.clone()],
        };
        table.iter().flat_map(section).collect()
    };
    let (mut shown, mut written) = (keys(&toml::Table::try_from(&full).unwrap()), keys(&toml::from_str(&all).unwrap()));
    shown.sort();
    written.sort();
    assert_eq!(shown, written);
}

#[test]
fn an_empty_file_can_be_used() {
    let (code, told) = checked("");
    assert_eq!((code, told.as_str()), (Some(0), "FILE: fine\n"));
}

#[test]
fn every_mistake_names_line_key_value_and_what_is_allowed_and_ends_with_78() {
    for (text, expected) in [
        ("[broker]\nprot = 1883\n", &["FILE, line 2", "broker.prot = 1883", "unknown field", "`port`"][..]),
        ("\n[broker]\nport = 70000\n", &["FILE, line 3", "broker.port = 70000", "from 1 to 65535"]),
        ("[broker]\nport = \"no\"\n", &["FILE, line 2", "broker.port = \"no\"", "from 1 to 65535"]),
        ("[node]\nname = \"a/b\"\n", &["FILE, line 2", "node.name = \"a/b\"", "without '/'"]),
        ("[http]\nlisten = \"here\"\n", &["FILE, line 2", "http.listen = \"here\"", "invalid socket address"]),
        ("[log]\nlevel = \"loud\"\n", &["FILE, line 2", "log.level = \"loud\"", "`warn`"]),
        ("[broker\nport = 1\n", &["FILE, line 1", "[broker"]),
        ("[brokr]\n", &["FILE, line 1", "[brokr]", "`broker`"]),
        ("[booth]\npersonas = [\"nobody\"]\n", &["booth.personas", "\"nobody\"", "allowed are benaud, greig, doshi"]),
        ("[model]\nbackend = \"ollama\"\n", &["model.backend", "\"ollama\"", "hint: set model.name"]),
        ("[broker]\nusername = \"u\"\n", &["broker.username", "\"u\"", "hint: set broker.password_file"]),
        ("[broker]\npassword_file = \"/nowhere/p\"\n", &["broker.password_file", "/nowhere/p", "hint:"]),
        ("[model]\nsampling = { temprature = 1 }\n", &["FILE, line 2", "temprature", "`temperature`"]),
    ] {
        let (code, told) = checked(text);
        assert_eq!(code, Some(78), "{text}{told}");
        for part in expected {
            assert!(told.contains(part), "{text}should say {part}:\n{told}");
        }
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let output = vachak(&["check-config", "/nowhere/vachak.toml"], &[]);
    assert_eq!(output.status.code(), Some(78));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("/nowhere/vachak.toml") && told.contains("hint:"), "{told}");
}

#[test]
fn flags_stand_over_the_environment_and_that_over_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("vachak.toml");
    fs::write(&file, "[broker]\nhost = \"file\"\nport = 1\nkeep_alive_seconds = 11\n").unwrap();
    let file = file.to_str().unwrap();
    let environment = [
        ("VACHAK_BROKER_PORT", "2"),
        ("VACHAK_BROKER_KEEP_ALIVE_SECONDS", "12"),
        ("VACHAK_BOOTH_PERSONAS", "greig,doshi"),
        ("VACHAK_SHARED", "not a section, not ours"),
    ];
    let output = vachak(&["show-config", "--config", file, "--set", "broker.port=3"], &environment);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let shown: Config = toml::from_str(&String::from_utf8(output.stdout).unwrap()).unwrap();
    assert_eq!((shown.broker.host.as_str(), shown.broker.port.get()), ("file", 3));
    assert_eq!(shown.broker.keep_alive_seconds.get(), 12);
    assert_eq!(shown.booth.personas, ["greig", "doshi"]);
}

#[test]
fn a_wrong_variable_or_flag_is_named_as_the_user_wrote_it() {
    let output = vachak(&["show-config"], &[("VACHAK_BROKER_PORT", "many")]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(told.contains("VACHAK_BROKER_PORT") && told.contains("from 1 to 65535"), "{told}");
    let output = vachak(&["show-config", "--set", "broker.prot=1"], &[]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("--set broker.prot=1") && told.contains("`port`"), "{told}");
}

#[test]
fn no_secret_is_ever_shown() {
    let secret = "tiger-7";
    let environment =
        [("VACHAK_BROKER_PASSWORD", secret), ("VACHAK_MODEL_API_KEY", secret), ("VACHAK_BROKER_USERNAME", "u")];
    let output = vachak(&["show-config", "--set", "broker.port=1884"], &environment);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("password = \"***\"") && shown.contains("api_key = \"***\""), "{shown}");
    let merged = config::load(&Sources {
        environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        flags: vec!["broker.port=1884".to_owned()],
        file: None,
    });
    assert_eq!(
        merged.unwrap().broker.password.unwrap().expose(),
        secret,
        "hidden in what is shown, not in what is used"
    );
    let (_, told) = checked(&format!("[broker]\npassword = [\"{secret}\"]\n"));
    assert!(!shown.contains(secret) && !told.contains(secret), "{told}");
    let output = vachak(&["show-config", "--set", &format!("broker.password=[{secret}]"), "--set", "x.y=1"], &[]);
    assert!(!String::from_utf8(output.stderr).unwrap().contains(secret));
}

#[test]
fn wrong_usage_ends_with_64() {
    assert_eq!(vachak(&["rnu"], &[]).status.code(), Some(64));
    assert_eq!(vachak(&["run", "--no-such-flag"], &[]).status.code(), Some(64));
    assert_eq!(vachak(&["--help"], &[]).status.code(), Some(0));
    assert_eq!(vachak(&["--version"], &[]).status.code(), Some(0));
}
