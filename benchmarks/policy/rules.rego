# What `controls.toml` demands, in Rego.
package bonafide.rate

import rego.v1

deny contains finding if {
	some component in input.components
	some defect in component.defects
	startswith(defect.rule, "pickle-")
	finding := {
		"code": "code-on-load",
		"title": "Code that runs on load",
		"msg": sprintf("%s: %s", [defect.rule, defect.message]),
		"term": component.name,
	}
}

deny contains finding if {
	some component in input.components
	component.unread
	finding := {
		"code": "uninspected-file",
		"title": "File that was not read to its end",
		"msg": component.unread,
		"term": component.name,
	}
}

deny contains finding if {
	some component in input.components
	some defect in component.defects
	startswith(defect.rule, "hidden-")
	finding := {
		"code": "hidden-content",
		"title": "Hidden content",
		"msg": sprintf("%s: %s", [defect.rule, defect.message]),
		"term": component.name,
	}
}
