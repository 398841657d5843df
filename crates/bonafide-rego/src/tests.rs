//! Rules that must not be silent.

use serde_json::{Value, json};

use crate::{
    Answer, Evaluation, Evaluator as _, InProcess, Job, Limit, Limits, RegoError, Source, Task,
    TestOutcome,
};

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "now": {"type": "string"},
            "components": {"type": "array", "items": {"$ref": "#/$defs/component"}},
            "signatures": {"type": "array", "items": {
                "type": "object", "additionalProperties": false,
                "properties": {"signer": {"type": "string"}, "predicate": true}
            }}
        },
        "$defs": {"component": {
            "type": "object", "additionalProperties": false,
            "properties": {
                "name": {"type": "string"},
                "format": {"type": "string"},
                "coverage": {"enum": ["scanned", "partly"]},
                "digests": {"type": "object", "additionalProperties": {"type": "string"}},
                "defects": {"type": "array", "items": {
                    "type": "object", "additionalProperties": false,
                    "properties": {"rule": {"type": "string"}, "severity": {"type": "string"}}
                }}
            }
        }}
    })
}

fn facts() -> Value {
    json!({
        "now": "2026-06-01T00:00:00Z",
        "components": [
            {"name": "a.pkl", "format": "pickle", "coverage": "scanned", "digests": {}, "defects": []},
            {"name": "b.bin", "format": "safetensors", "coverage": "partly", "digests": {"sha256": "00"},
             "defects": [{"rule": "x", "severity": "high"}]}
        ],
        "signatures": []
    })
}

fn job(text: &str, task: Task) -> Job {
    Job {
        sources: vec![Source {
            origin: "acme.rego".to_owned(),
            package: Some("acme".to_owned()),
            text: format!("package bonafide.acme\n{text}"),
        }],
        data: json!({"formats": ["pickle"]}),
        schema: schema(),
        task,
        limits: Limits::DEFAULT,
    }
}

fn evaluate(text: &str) -> Result<Evaluation, RegoError> {
    match InProcess.run(&job(text, Task::Evaluate(facts())))? {
        Answer::Evaluated(evaluation) => Ok(evaluation),
        other => panic!("{other:?}"),
    }
}

/// A rule with this body, which speaks of `c.name`.
fn rule(body: &str) -> String {
    format!(
        "deny contains f if {{\n  some c in input.components\n  {body}\n  f := {{\"code\": \"X-1\", \"title\": \"t\", \"msg\": \"m\", \"term\": c.name}}\n}}\n"
    )
}

/// What is wrong with the rules, without running them.
#[track_caller]
fn faults(text: &str) -> String {
    match InProcess.run(&job(text, Task::Check)) {
        Err(error @ RegoError::Unusable { .. }) => error.to_string(),
        other => panic!("{text}\n{other:?}"),
    }
}

#[track_caller]
fn warnings(text: &str) -> Vec<String> {
    match InProcess.run(&job(text, Task::Check)) {
        Ok(Answer::Checked(warnings)) => warnings,
        Err(error) => panic!("{text}\n{error}"),
        Ok(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_rule_finds_what_it_should() {
    let text = rule("c.format in data.formats");
    let evaluation = evaluate(&text).unwrap();
    assert_eq!(evaluation.findings.len(), 1, "{evaluation:?}");
    let finding = &evaluation.findings[0];
    assert_eq!(
        (finding.code.as_str(), finding.term.as_str()),
        ("X-1", "a.pkl")
    );
    assert_eq!(evaluation.warnings, Vec::<String>::new());
    assert_eq!(evaluation.looked[0].count, Some(2));
    assert_eq!(
        evaluation.looked[0].through.as_deref(),
        Some("input.components")
    );
}

#[test]
fn a_path_that_the_schema_does_not_know_is_an_error() {
    let cases = [
        (
            rule("c.formt == \"pickle\""),
            "has no `formt`",
            "did you mean `format`?",
        ),
        (
            rule("input.component"),
            "has no `component`",
            "did you mean `components`?",
        ),
        (
            rule("input.components.name"),
            "is a list and has no `name`",
            "some element in",
        ),
        (
            rule("c.name.first == 1"),
            "is a single value and has no `first`",
            "",
        ),
        (
            rule("c[\"formt\"] == \"x\""),
            "has no `formt`",
            "did you mean",
        ),
        (
            rule("object.get(c, \"formt\", \"\") == \"x\""),
            "has no `formt`",
            "",
        ),
        (
            rule("object.get(c, [\"defects\", 0, \"rul\"], \"\") == \"x\""),
            "has no `rul`",
            "did you mean `rule`?",
        ),
        (
            rule("some d in c.defects\n  d.sevrity == \"high\""),
            "has no `sevrity`",
            "",
        ),
        (
            rule("c.defects[_].sevrity == \"high\""),
            "has no `sevrity`",
            "",
        ),
        (
            rule("every d in c.defects { d.rle != \"x\" }"),
            "has no `rle`",
            "",
        ),
        (
            rule("count([d | d := c.defects[_]; d.rle]) > 0"),
            "has no `rle`",
            "",
        ),
        (rule("x := c\n  y := x\n  y.formt"), "has no `formt`", ""),
        (rule("y.formt\n  y := c"), "has no `formt`", ""),
        (rule("{\"formt\": z} = c"), "has no `formt`", ""),
        (
            rule("bad(c)") + "bad(x) if x.formt == \"p\"\n",
            "has no `formt`",
            "",
        ),
        (
            rule("some p in pickles\n  p.nam == \"\"")
                + "pickles contains x if {\n some x in input.components\n x.format == \"pickle\" }\n",
            "has no `nam`",
            "did you mean `name`?",
        ),
        (
            rule("first.nam == c.name") + "first := input.components[0]\n",
            "has no `nam`",
            "",
        ),
        (
            rule("pick(c).formt") + "pick(x) := y if { y := x }\n",
            "has no `formt`",
            "",
        ),
        (
            rule("c.coverage == \"party\""),
            "it is never `party`",
            "`partly`, `scanned`",
        ),
        (
            format!(
                "import input.components as cs\n{}",
                rule("cs[_].nme == \"\"")
            ),
            "has no `nme`",
            "",
        ),
        (
            format!("import input.compnents as cs\n{}", rule("cs[_] == \"\"")),
            "has no `compnents`",
            "",
        ),
        (
            rule("with_sig(input.signatures[0])") + "with_sig(s) if not s.sgner\n",
            "has no `sgner`",
            "",
        ),
    ];
    for (text, message, help) in cases {
        let said = faults(&text);
        assert!(said.contains(message), "{text}\n{said}");
        assert!(said.contains(help), "{text}\n{said}");
        assert!(said.contains("acme.rego:"), "{said}");
    }
}

#[test]
fn what_cannot_be_followed_is_a_warning() {
    for text in [
        rule("some k\n  c[k] == \"pickle\""),
        rule("input.signatures[_].predicate.buildType == \"x\""),
        rule("json.filter(c, [\"formt\"]) == {}"),
        rule("object.get(c, data.formats[0], 1) == 1"),
    ] {
        assert_eq!(warnings(&text).len(), 1, "{text}");
    }
    for text in [
        rule("c.digests.sha256 == \"00\""),
        rule("c.defects[0].rule == \"x\""),
        rule("{\"a\": 1}.a == 1"),
        rule("not c.format"),
        rule("\"pickle\" in {x.format | some x in input.components}"),
        rule("startswith(c.name, \"a\")\n  split(c.name, \".\")[1] == \"pkl\""),
        rule("[a, b] := [c.name, c.format]\n  a == b"),
        rule("time.parse_rfc3339_ns(input.now) > 0"),
    ] {
        assert_eq!(warnings(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_would_be_silent_is_refused() {
    let cases = [
        ("x := 1\n".to_owned(), "has neither `deny` nor `warn`"),
        ("dney contains 1 if true\n".to_owned(), "did you mean `deny` by `dney`?"),
        ("deny := 1\n".to_owned(), "has to be a set of findings"),
        ("deny if true\n".to_owned(), "has to be a set of findings"),
        ("deny[x] := 1 if { x := 2 }\n".to_owned(), "has to be a set of findings"),
        ("deny.all contains f if { f := 2 }\n".to_owned(), "has to be a set of findings"),
        (format!("default deny := 1\n{}", rule("true")), "has to be a set of findings"),
        (rule("sprntf(\"x\", [])"), "there is no function `sprntf`"),
        (rule("time.now_ns() > 1"), "`time.now_ns` may not be called"),
        (rule("http.send({}).status_code == 200"), "`http.send` may not be called"),
        (rule("opa.runtime().env.A"), "`opa.runtime` may not be called"),
        (rule("rand.intn(\"x\", 2) == 1"), "`rand.intn` may not be called"),
        (rule("print(c)"), "`print` may not be called"),
        (rule("y > 1"), "unsafe"),
        (rule("true with input as {}"), "`with` outside of a test"),
        (rule("some input in [1]"), "hides the input"),
        (rule("input := 1"), "input"),
        (rule("f(1)") + "f(x) := y if { y := f(x + 1) }\n", "leads back to itself"),
        (rule("a") + "a if b\nb if a\n", "leads back to itself"),
        (rule("data.bonafide.acme.deny"), "leads back to itself"),
        (rule("count(data.bonafide) == 0"), "leads back to itself"),
        ("deny contains \"no\" if true\n".to_owned(), "a finding is a table"),
        ("deny contains {\"code\": \"X\"} if true\n".to_owned(), "`title`, `msg`, `term` are missing"),
        ("deny contains {\"code\": \"X\", \"title\": \"t\", \"msg\": \"m\", \"term\": \"\", \"sverity\": 1} if true\n".to_owned(), "did you mean `severity`?"),
        ("deny contains if {".to_owned(), "acme.rego:2"),
        ("test_x if true\n".to_owned() + &rule("true"), "is a test outside of a file of tests"),
    ];
    for (text, message) in cases {
        let said = faults(&text);
        assert!(said.contains(message), "{text}\n{said}");
    }
}

#[test]
fn an_error_while_running_is_no_missing_finding() {
    let cases = [
        (
            rule("to_number(c.name) > 1"),
            "could not parse string as number",
        ),
        (rule("c.name + 1 > 1"), "expects numeric"),
        (rule("1 / 0 == 1"), "divide by zero"),
        (rule("time.parse_rfc3339_ns(\"2026-13-99\") > 1"), ""),
        (
            rule("x == 3") + "x := 1 if true\nx := 2 if true\n",
            "conflict",
        ),
    ];
    for (text, message) in cases {
        match evaluate(&text) {
            Err(error @ RegoError::Evaluation { .. }) => {
                let said = error.to_string();
                assert!(said.contains(message), "{text}\n{said}");
                assert!(said.contains("acme.rego:"), "{said}");
            }
            other => panic!("{text}\n{other:?}"),
        }
    }
}

#[test]
fn what_is_no_finding_names_the_rule() {
    let made =
        |object: &str| format!("deny contains f if {{ f := object.union({object}, {{}}) }}\n");
    let cases = [
        (made("{\"code\": \"X\"}"), "missing field `title`"),
        (
            made("{\"code\": 1, \"title\": \"t\", \"msg\": \"m\", \"term\": \"\"}"),
            "invalid type",
        ),
        (
            made(
                "{\"code\": \"X\", \"title\": \"t\", \"msg\": \"m\", \"term\": \"\", \"more\": 1}",
            ),
            "unknown field `more`",
        ),
        (
            made(
                "{\"code\": \"X\", \"title\": \"t\", \"msg\": \"m\", \"term\": \"\", \"severity\": \"bad\"}",
            ),
            "unknown variant `bad`",
        ),
        (
            made("{\"code\": \"X Y\", \"title\": \"t\", \"msg\": \"m\", \"term\": \"\"}"),
            "is no code",
        ),
        (
            made("{\"code\": \"X\", \"title\": \" \", \"msg\": \"m\", \"term\": \"\"}"),
            "without `title` or `msg`",
        ),
        (
            "deny contains f if { f := 1 + 1 }\n".to_owned(),
            "a number, which is no finding",
        ),
    ];
    for (text, message) in cases {
        match evaluate(&text) {
            Err(error @ RegoError::NoFinding { .. }) => {
                let said = error.to_string();
                assert!(said.contains(message), "{text}\n{said}");
                assert!(
                    said.contains("acme.rego:2") && said.contains("`acme.deny`"),
                    "{said}"
                );
            }
            other => panic!("{text}\n{other:?}"),
        }
    }
}

#[test]
fn a_rule_that_judged_nothing_is_told() {
    let nothing = evaluate(&rule("c.format == \"onnx\"\n  not c.digests.sha256")).unwrap();
    assert_eq!(nothing.looked[0].count, Some(0));
    assert_eq!(nothing.warnings.len(), 1, "{nothing:?}");
    assert!(
        nothing.warnings[0].contains("looked at nothing"),
        "{nothing:?}"
    );
    let something = evaluate(&rule("c.format == \"safetensors\"\n  not c.digests.sha256")).unwrap();
    assert_eq!(something.looked[0].count, Some(1));
    assert_eq!(something.warnings, Vec::<String>::new());
    let whole = "deny contains {\"code\": \"X\", \"title\": \"t\", \"msg\": \"m\", \"term\": \"\"} if count(input.signatures) > 9\n";
    assert_eq!(evaluate(whole).unwrap().looked[0].count, Some(1));
    let none = evaluate(&rule("some s in input.signatures\n  s.signer == \"x\"")).unwrap();
    assert_eq!(
        none.looked[0].count,
        Some(2),
        "components were gone through"
    );
    let text = rule("\"onnx\" == c.format # nothing; at all\n  \"x\" != c.name;");
    assert_eq!(evaluate(&text).unwrap().looked[0].count, Some(0));
    let text = "deny contains f if {\"a\" == input.now; c := input.components[_]; \"p\" == c.format; f := {\"code\": \"X\", \"title\": \"t\", \"msg\": \"m\", \"term\": \"\"}}\n";
    assert_eq!(evaluate(text).unwrap().looked[0].count, Some(0));
}

#[test]
fn a_loop_without_end_is_ended() {
    let mut job = job(
        &rule(
            "xs := numbers.range(1, 3000)\n  some a in xs\n  some b in xs\n  some d in xs\n  a * b * d == 0",
        ),
        Task::Evaluate(facts()),
    );
    job.limits.time = std::time::Duration::from_millis(200);
    let started = std::time::Instant::now();
    match InProcess.run(&job) {
        Err(RegoError::Limit {
            limit: Limit::Time, ..
        }) => {}
        other => panic!("{other:?}"),
    }
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn tests_are_listed_from_their_text() {
    let mut job = job(&rule("c.format == \"pickle\""), Task::Test);
    job.sources.push(Source {
        origin: "acme_test.rego".to_owned(),
        package: None,
        text: "package bonafide.acme_test\nimport data.bonafide.acme\n\
            test_pickle if count(acme.deny) == 1 with input as {\"components\": [{\"name\": \"x\", \"format\": \"pickle\"}]}\n\
            test_wrong if count(acme.deny) == 2 with input as {\"components\": []}\n\
            test_error if to_number(\"x\") == 1\n\
            test_slip if acme.dney\n\
            helper := 1\n"
            .to_owned(),
    });
    let Ok(Answer::Tested(results, _)) = InProcess.run(&job) else {
        panic!("{:?}", InProcess.run(&job));
    };
    let shown: Vec<(&str, &str)> = results
        .iter()
        .map(|result| {
            let outcome = match &result.outcome {
                TestOutcome::Pass => "pass",
                TestOutcome::Fail => "fail",
                TestOutcome::Error(_) => "error",
            };
            (result.name.as_str(), outcome)
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("bonafide.acme_test.test_pickle", "pass"),
            ("bonafide.acme_test.test_wrong", "fail"),
            ("bonafide.acme_test.test_error", "error"),
            ("bonafide.acme_test.test_slip", "fail"),
        ]
    );
}

#[test]
fn answers_travel_as_json() {
    let job = job(&rule("c.format == \"pickle\""), Task::Evaluate(facts()));
    let text = serde_json::to_string(&job).unwrap();
    let back: Job = serde_json::from_str(&text).unwrap();
    assert_eq!(back, job);
    let answer = InProcess.run(&back);
    let text = serde_json::to_string(&answer).unwrap();
    let back: Result<Answer, RegoError> = serde_json::from_str(&text).unwrap();
    assert_eq!(back, answer);
}

/// The rules that are shipped as an example, held against the real schema.
#[test]
fn the_example_passes_its_tests() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let source = |name: &str| Source {
        origin: name.to_owned(),
        package: None,
        text: read(&format!("policies/examples/{name}")),
    };
    let job = Job {
        sources: vec![source("acme.rego"), source("acme_test.rego")],
        data: serde_json::from_str(&read("policies/examples/acme.json")).unwrap(),
        schema: serde_json::from_str(&read("schemas/facts.schema.json")).unwrap(),
        task: Task::Test,
        limits: Limits::DEFAULT,
    };
    let (results, warnings) = match InProcess.run(&job) {
        Ok(Answer::Tested(results, warnings)) => (results, warnings),
        Ok(other) => panic!("{other:?}"),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(results.len(), 7);
    for result in results {
        assert_eq!(result.outcome, TestOutcome::Pass, "{}", result.name);
    }
}
