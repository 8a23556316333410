use super::*;
use crate::personal::tests::{found, nothing};

fn token(header: &str, rest: &str) -> String {
    format!("{}.{rest}", BASE64_URL_SAFE_NO_PAD.encode(header))
}

#[test]
fn a_token_is_found_by_its_header() {
    // The example of RFC 7515, appendix A.1, and tokens of other forms.
    let signed = token(
        "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
        "eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    );
    let unsigned = token("{\"alg\":\"none\"}", "eyJpc3MiOiJqb2UifQ.");
    let sealed = token(
        "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
        ".48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ",
    );
    let wrapped = token(
        "{\"alg\":\"A128KW\",\"enc\":\"A128GCM\"}",
        "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of.48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.XFBoMYUZodetZdvTiFvSkQ",
    );
    for text in [&signed, &unsigned, &sealed, &wrapped] {
        assert_eq!(found(&format!("\"{text}\"")), [(Kind::WebToken, text.as_str())]);
        assert_eq!(found(&format!("token: {text} ")), [(Kind::WebToken, text.as_str())]);
        nothing(&format!("x{text}"));
    }
}

#[test]
fn other_base64_with_points_is_no_token() {
    for header in ["{\"a\":1}", "{\"alg\"", "{\"x\":\"alg\"}", "{\"alg\":1}}"] {
        nothing(&token(header, "eyJpc3MiOiJqb2UifQ.dBjftJeZ4CVP"));
    }
    let header = "{\"alg\":\"HS256\"}";
    for rest in ["", "eyJpc3MiOiJqb2UifQ", ". ."] {
        nothing(&token(header, rest));
    }
    nothing("eyJ");
    nothing("eyJ.eyJ.eyJ");
}
