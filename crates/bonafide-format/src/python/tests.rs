use super::*;

fn acts(source: &str) -> Vec<(Effect, Moment, bool)> {
    let Outcome::Program(program) = parsed(source, Mode::Module).unwrap() else {
        panic!("{source}");
    };
    let mut acts: Vec<_> = program
        .acts
        .iter()
        .map(|act| (act.effect, act.moment, act.hidden))
        .collect();
    acts.sort();
    acts.dedup();
    acts
}

const IMPORT_PROCESS: (Effect, Moment, bool) = (Effect::Process, Moment::Import, false);

#[test]
fn names_are_followed_through_detours() {
    for source in [
        "import os\nos.system('true')",
        "import os as o\no.system('true')",
        "from os import system as s\ns('true')",
        "from os import *\nsystem('true')",
        "__import__('os').system('true')",
        "import importlib\nimportlib.import_module('o' + 's').system('true')",
        "import os\ngetattr(os, 'sys' + 'tem')('true')",
        "import os\nf = getattr(os, ''.join(['sys', 'tem']))\nf('true')",
        "import os\nname = 'metsys'[::-1]\nvars(os)[name]('true')",
        "import os\nos.__dict__['system']('true')",
        "import sys\nsys.modules['os'].system('true')",
        "import random\nrandom._os.system('true')",
        "globals()['__builtins__'].__import__('os').system('true')",
        "import os\nmap(os.system, ['true'])",
        "import os\nx, y = 1, os.system\ny('true')",
        "import os\nclass A:\n    os.system('true')",
        "import os\ndef f(x=os.system('true')): pass",
        "import os\n@os.system\ndef f(): pass",
        "import os\n(lambda: os.system('true'))()",
        "import os\nf = lambda: os.system('true')\nf()",
        "import os\ndef g(): os.system('true')\ndef f(): g()\nf()",
        "import os\nclass A:\n    def __init__(self): os.system('true')\nA()",
        "import os\nclass A:\n    def go(self): os.system('true')\na = A()\na.go()",
        "import os\nclass A:\n    def __init_subclass__(cls): os.system('true')\nclass B(A): pass",
        "import os\nclass M(type):\n    def __new__(cls, *a): os.system('true')\nclass B(metaclass=M): pass",
        "import os\ntry:\n    pass\nfinally:\n    os.system('true')",
        "import os\nif True:\n    [os.system('true') for _ in 'a']",
        "import os\nf'{os.system(\"true\")}'",
        "import os, atexit\ndef f(): os.system('true')\natexit.register(f)",
        "import base64\n__import__(base64.b64decode('b3M=').decode()).system('true')",
        "if (o := __import__('os')): o.system('true')",
    ] {
        assert!(
            acts(source).contains(&IMPORT_PROCESS),
            "{source}: {:?}",
            acts(source)
        );
    }
}

#[test]
fn what_only_looks_like_it_is_nothing() {
    for source in [
        "import torch\nmodel.eval()\nre.compile('x')",
        "import os\nos.path.join('a', 'b')\nos.environ.get('X')",
        "x = 'os.system(\"true\")'",
        "# os.system('true')",
        "def eval(x): return x\neval('1')",
        "from .subprocess import run\nrun('true')",
        "import importlib\nimportlib.import_module('torch.nn')",
        "open('x').read()\nopen('x', 'rb')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\n",
    ] {
        assert_eq!(acts(source), [], "{source}");
    }
}

#[test]
fn moments_are_told_apart() {
    let main = "import os\nif __name__ == '__main__':\n    os.system('true')";
    assert_eq!(acts(main), [(Effect::Process, Moment::Call, false)]);
    let function = "import os\ndef f(): os.system('true')";
    assert_eq!(acts(function), [(Effect::Process, Moment::Call, false)]);
    let forward = "import os\nfrom torch import nn\nclass A(nn.Module):\n    def forward(self): self.go()\n    def go(self): os.system('true')";
    assert_eq!(acts(forward), [(Effect::Process, Moment::Use, false)]);
    let reduce = "import os\nclass A:\n    def __reduce__(self): return (os.system, ('true',))";
    assert_eq!(acts(reduce), [(Effect::Process, Moment::Use, false)]);
}

#[test]
fn what_is_decoded_before_it_runs_is_hidden() {
    for source in [
        "import base64\nexec(base64.b64decode(x))",
        "import base64\ny = base64.b64decode(x)\ndef f(): exec(y)",
        "import zlib, marshal\ndef f(): exec(marshal.loads(zlib.decompress(x)))",
        "import requests\nexec(requests.get('https://example.com').text)",
        "exec(''.join(chr(c) for c in x))",
        "import types, marshal\ntypes.FunctionType(marshal.loads(x), {})()",
        "().__class__.__base__.__subclasses__()[0]()",
        "import os\ndef f(x): getattr(os, x)('true')",
    ] {
        assert!(
            acts(source).iter().any(|act| act.2),
            "{source}: {:?}",
            acts(source)
        );
    }
}

#[test]
fn encodings_that_hide_are_found() {
    assert_eq!(
        strange_encoding(b"# -*- coding: utf-7 -*-\n").as_deref(),
        Some("utf-7")
    );
    assert_eq!(
        strange_encoding(b"#!/x\n# vim: set fileencoding=unicode_escape :\n").as_deref(),
        Some("unicode_escape")
    );
    assert_eq!(strange_encoding(b"# -*- coding: UTF-8 -*-\n"), None);
    assert_eq!(strange_encoding(b"x = 'coding: utf-7'\n"), None);
}

#[test]
fn deep_programs_are_refused_and_long_ones_are_not() {
    assert!(parsed(&"(".repeat(100_000), Mode::Module).is_err());
    let long = "x = [1, 2]\n".repeat(50_000);
    assert!(matches!(
        parsed(&long, Mode::Module),
        Ok(Outcome::Program(_))
    ));
    // As deep as is allowed: neither the parser nor the walk run out of stack.
    for source in [
        format!("x = {}1", "not ".repeat(1900)),
        format!("x = a{}", ".b".repeat(1900)),
        format!("x = a{}", "()".repeat(1800)),
        format!("x = {}1", "lambda: ".repeat(900)),
        format!("x = {}1{}", "(".repeat(400), ")".repeat(400)),
        format!("x = {}1", "1 if a else ".repeat(900)),
    ] {
        assert!(parsed(&source, Mode::Module).is_ok(), "{}", &source[..20]);
    }
}
