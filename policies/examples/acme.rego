# Custom rules of a platform team, beside the controls of its policy.
#
# `input` is the document of facts (`docs/rego.md`), `data.acme` comes from `acme.json`.
# `bonafide policy test policies/examples` runs the tests in `acme_test.rego`.
package bonafide.acme

import rego.v1

# Pickles only from those who are known to make them.
deny contains finding if {
	some component in input.components
	component.format == "pickle"
	not signed_by_one_of(component, data.acme["pickle-signers"])
	finding := {
		"code": "ACME-001",
		"title": "Pickle without a known signer",
		"msg": sprintf("%s is a pickle, and is signed by %d signers of whom none may publish one", [component.name, count(component.signers)]),
		"term": component.name,
		"severity": "high",
		"solution": "Convert it to safetensors, or have it signed by the team that makes pickles.",
	}
}

# Base models only from publishers that were looked at.
deny contains finding if {
	some link in links
	link.relation in {"derived from", "fine-tuned from", "adapter for", "merged from", "quantised from"}
	not from_a_known_publisher(link.parent)
	finding := {
		"code": "ACME-002",
		"title": "Base model of an unknown publisher",
		"msg": sprintf("%s is %s %s, whose publisher is not on the list", [link.child, link.relation, link.parent]),
		"term": link.parent,
		"severity": "high",
		"solution": "Ask for a review of the publisher, then add it to `publishers` in acme.json.",
	}
}

# A signature that lets files in beside what was signed.
warn contains finding if {
	some signature in input.verified.signatures
	signature.kind == "model"
	not signature.complete
	finding := {
		"code": "ACME-003",
		"title": "Signature that does not cover the whole artifact",
		"msg": sprintf("%s by %s covers %d of %d files", [signature.source, signature.signer.label, count(signature.covers), count(input.components)]),
		"term": signature.source,
	}
}

# Proven or claimed: a base model that is only claimed is one, too.
links contains link if some link in input.verified.lineage

links contains link if some link in input.claims.lineage

signed_by_one_of(component, labels) if {
	some signer in component.signers
	signer in labels
}

from_a_known_publisher(artifact) if {
	some publisher in data.acme.publishers
	contains(artifact, sprintf("/%s/", [publisher]))
}
