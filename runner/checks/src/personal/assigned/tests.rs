use crate::personal::Kind;
use crate::personal::tests::{found, nothing};

fn is(text: &str, secret: &str) {
    assert_eq!(found(text), [(Kind::Password, secret)], "{text}");
}

#[test]
fn passwords_are_found_behind_words_of_five_languages() {
    for name in [
        "password",
        "Password",
        "PASSWORD",
        "passwd",
        "pwd",
        "passphrase",
        "db_password",
        "userPassword",
        "spring.datasource.password",
        "Passwort",
        "Kennwort",
        "Zugangscode",
        "mot de passe",
        "Mot de passe",
        "mdp",
        "wachtwoord",
        "Passwuert",
        "password_2",
        "DB_PASS",
        "dbPass",
        "pass",
    ] {
        for secret in
            ["hunter2", "hunter22", "Tr0ub4dor+3", "8charS-minimum", "gRün7Baum", "c0rrect-horse-battery", "l3tmein!"]
        {
            for text in [
                format!("{name}={secret}"),
                format!("{name}: {secret}"),
                format!("{name} = '{secret}'"),
                format!("\"{name}\": \"{secret}\","),
                format!("{{\\\"{name}\\\": \\\"{secret}\\\"}}"),
                format!("{name} := `{secret}`"),
                format!("['{name}'] => \"{secret}\""),
                format!("**{name}**: {secret}"),
                format!("| {name} | {secret} |"),
                format!("?x=1&{name}={secret}&y=2"),
            ] {
                is(&text, secret);
            }
        }
    }
    for text in [
        "The password is {}.",
        "Das Passwort lautet {}",
        "Das Kennwort ist: {}",
        "le mot de passe est {}",
        "het wachtwoord is {}",
    ] {
        is(&text.replace("{}", "Sommer2024!"), "Sommer2024!");
    }
}

#[test]
fn keys_are_found_behind_their_words() {
    for name in [
        "secret",
        "client_secret",
        "SECRET_KEY",
        "secretKey",
        "token",
        "auth_token",
        "accessToken",
        "api_key",
        "apiKey",
        "X-API-Key",
        "API key",
        "access_key",
        "Geheimnis",
        "jeton",
        "clé API",
        "API-Schlüssel",
        "api-sleutel",
        "private_key",
        "credential",
        "password",
    ] {
        for secret in [
            "9f86d081884c7d659a2feaa0c55ad015",
            "q8Tz1mW4kLr7Yd2Xv9Bn",
            "dGhpcyBpcyBhIHJhbmRvbSBrZXkgMTIzNDU2Nzg5MA==",
            "Zk3-x_9Qw7Lm2Vb8Nc4Rt6Yp",
        ] {
            for text in [format!("{name}={secret}"), format!("{name}: {secret}"), format!("\"{name}\": \"{secret}\"")] {
                is(&text, secret);
            }
        }
    }
    is("Authorization: Bearer q8Tz1mW4kLr7Yd2Xv9Bn", "q8Tz1mW4kLr7Yd2Xv9Bn");
    // The example of RFC 7617, section 2.
    is(
        "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".replace("IHNlc2FtZQ", "LXNlc2FtZQ").as_str(),
        "QWxhZGRpbjpvcGVuLXNlc2FtZQ==",
    );
}

#[test]
fn what_is_no_secret_is_none() {
    for text in [
        "password: required",
        "password: yes",
        "password",
        "password = ",
        "bypass: lane-7b-north",
        "pass@1 = 0.4512",
        "pass: 95.1 %",
        "passed: 17/20ths",
        "password: see the handbook",
        "password=12345678",
        "password: 2024-01-15",
        "password = None",
        "password = os.environ",
        "password = os.environ['DB_PASS1']",
        "password = read_password(path)",
        "password = settings.password",
        "password=$DB_PASSWORD",
        "password=${DB_PASSWORD_1}",
        "password={{ vault.db1 }}",
        "password=%(db_pass1)s",
        "password=********",
        "password=xxxxxxxx1",
        "password=<your-password-1>",
        "password=Password",
        "password: /run/secrets/db1",
        "password_hash=5f4dcc3b5aa765d61d8327deb882cf99",
        "password_file: vault-1.txt",
        "passwords: 17, of which 3.5 %",
        "passwordless-login-2",
        "passport: C01X00T47",
        "secret: train longer",
        "secret_name=database-key-2024-production",
        "secretary: anna-maria-2024-office-luxembourg",
        "tokenizer: bert-base-multilingual-cased-v2",
        "tokens: 9f86d081884c7d659a2feaa0c55ad015",
        "token: 123e4567-e89b-12d3-a456-426614174000",
        "token: 1234567890123456",
        "token: 0.1234567890123456",
        "token: sha256:9f86d081884c7d659a2feaa0c55ad015",
        "token_hash=9f86d081884c7d659a2feaa0c55ad015",
        "token: model.layers.11.self_attn.q_proj.weight",
        "token = RandomForestClassifierWithCalibration",
        "api_key: YOUR-API-KEY-GOES-HERE",
        "public_key=q8Tz1mW4kLr7Yd2Xv9Bn",
        "n_tokens=9f86d081884c7d659a2feaa0c55ad015",
        "commit 9f86d081884c7d659a2feaa0c55ad015",
        "Bearer of 9f86d081884c7d659a2feaa0c55ad015",
        "Bearer token",
        "Basic research",
        "Basic authentication",
        "Ed25519PrivateKey|Ed25519PublicKey",
        "PassCollisions|AxisAngle2Rot",
    ] {
        nothing(text);
    }
}
