package bonafide.acme_test

import rego.v1

import data.bonafide.acme

settings := {"pickle-signers": ["legacy-training"], "publishers": ["mistralai"]}

codes(findings) := {finding.code | some finding in findings}

facts(components, claimed) := {
	"components": components,
	"verified": {"signatures": [], "lineage": []},
	"claims": {"lineage": claimed},
}

pickle(signers) := {"name": "model.pkl", "format": "pickle", "signers": signers}

base(parent) := {"child": "model", "parent": parent, "relation": "fine-tuned from"}

test_pickle_without_signer_is_denied if {
	codes(acme.deny) == {"ACME-001"} with input as facts([pickle([])], []) with data.acme as settings
}

test_pickle_of_a_stranger_is_denied if {
	codes(acme.deny) == {"ACME-001"} with input as facts([pickle(["somebody"])], []) with data.acme as settings
}

test_pickle_of_a_known_signer_passes if {
	codes(acme.deny) == set() with input as facts([pickle(["legacy-training"])], []) with data.acme as settings
}

test_safetensors_needs_no_signer if {
	codes(acme.deny) == set() with input as facts([{"name": "m", "format": "safetensors", "signers": []}], []) with data.acme as settings
}

test_base_model_of_a_stranger_is_denied if {
	codes(acme.deny) == {"ACME-002"} with input as facts([], [base("pkg:huggingface/stranger/model")]) with data.acme as settings
}

test_base_model_of_a_known_publisher_passes if {
	codes(acme.deny) == set() with input as facts([], [base("pkg:huggingface/mistralai/model")]) with data.acme as settings
}

test_incomplete_signature_is_a_warning if {
	signature := {
		"kind": "model", "complete": false, "source": "model.sig",
		"signer": {"label": "acme"}, "covers": [],
	}
	facts_with_signature := {
		"components": [],
		"verified": {"signatures": [signature], "lineage": []},
		"claims": {"lineage": []},
	}
	codes(acme.warn) == {"ACME-003"} with input as facts_with_signature with data.acme as settings
}
