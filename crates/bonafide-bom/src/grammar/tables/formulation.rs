//! Formulation: how something was made.

use super::component::{COMPONENT, DEPENDENCY};
use super::document::{
    ATTACHMENT, BOM_LINK_ELEMENT_TYPE, EXTERNAL_REFERENCE, PROPERTY, REF_LINK_TYPE, REF_TYPE,
};
use super::service::SERVICE;
use crate::grammar::rule::{
    BOOLEAN, DATE_TIME, Definition, Demand, Shape, TEXT, any_of, list, member, one_of, refer,
    unique, word,
};
use crate::version::SpecVersion::V1_3;

/// How something was made.
pub(super) static FORMULA: Definition = Definition::object(
    "formula",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)),
        member("components", unique(&refer(&COMPONENT))),
        member("services", unique(&refer(&SERVICE))),
        member("workflows", unique(&refer(&WORKFLOW))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// Tasks that belong together.
pub(super) static WORKFLOW: Definition = Definition::object(
    "workflow",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).required(),
        member("uid", TEXT).required(),
        member("name", TEXT),
        member("description", TEXT),
        member(
            "resourceReferences",
            unique(&refer(&RESOURCE_REFERENCE_CHOICE)),
        ),
        member("tasks", unique(&refer(&TASK))),
        member("taskDependencies", unique(&refer(&DEPENDENCY))),
        member("taskTypes", list(&refer(&TASK_TYPE))).required(),
        member("trigger", refer(&TRIGGER)),
        member("steps", unique(&refer(&STEP))),
        member("inputs", unique(&refer(&INPUT_TYPE))),
        member("outputs", unique(&refer(&OUTPUT_TYPE))),
        member("timeStart", DATE_TIME),
        member("timeEnd", DATE_TIME),
        member("workspaces", unique(&refer(&WORKSPACE))),
        member("runtimeTopology", unique(&refer(&DEPENDENCY))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// A task.
pub(super) static TASK: Definition = Definition::object(
    "task",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).required(),
        member("uid", TEXT).required(),
        member("name", TEXT),
        member("description", TEXT),
        member(
            "resourceReferences",
            unique(&refer(&RESOURCE_REFERENCE_CHOICE)),
        ),
        member("taskTypes", list(&refer(&TASK_TYPE))).required(),
        member("trigger", refer(&TRIGGER)),
        member("steps", unique(&refer(&STEP))),
        member("inputs", unique(&refer(&INPUT_TYPE))),
        member("outputs", unique(&refer(&OUTPUT_TYPE))),
        member("timeStart", DATE_TIME),
        member("timeEnd", DATE_TIME),
        member("workspaces", unique(&refer(&WORKSPACE))),
        member("runtimeTopology", unique(&refer(&DEPENDENCY))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// Kinds of tasks.
pub(super) static TASK_TYPE: Definition = Definition::of(
    "taskType",
    word(&[(
        V1_3,
        &[
            "copy", "clone", "lint", "scan", "merge", "build", "test", "deliver", "deploy",
            "release", "clean", "other",
        ],
    )]),
);

/// A step.
pub(super) static STEP: Definition = Definition::object(
    "step",
    Shape::of(&[
        member("name", TEXT),
        member("description", TEXT),
        member("commands", list(&refer(&COMMAND))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// A command.
pub(super) static COMMAND: Definition = Definition::object(
    "command",
    Shape::of(&[
        member("executed", TEXT),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// Where tasks work.
pub(super) static WORKSPACE: Definition = Definition::object(
    "workspace",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).required(),
        member("uid", TEXT).required(),
        member("name", TEXT),
        member("aliases", list(&TEXT)),
        member("description", TEXT),
        member(
            "resourceReferences",
            unique(&refer(&RESOURCE_REFERENCE_CHOICE)),
        ),
        member(
            "accessMode",
            word(&[(
                V1_3,
                &[
                    "read-only",
                    "read-write",
                    "read-write-once",
                    "write-once",
                    "write-only",
                ],
            )]),
        ),
        member("mountPath", TEXT),
        member("managedDataType", TEXT),
        member("volumeRequest", TEXT),
        member("volume", refer(&VOLUME)),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// Storage of a workspace.
pub(super) static VOLUME: Definition = Definition::object(
    "volume",
    Shape::of(&[
        member("uid", TEXT),
        member("name", TEXT),
        member("mode", word(&[(V1_3, &["filesystem", "block"])])),
        member("path", TEXT),
        member("sizeAllocated", TEXT),
        member("persistent", BOOLEAN),
        member("remote", BOOLEAN),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// What starts a task.
pub(super) static TRIGGER: Definition = Definition::object(
    "trigger",
    Shape::of(&[
        member("bom-ref", refer(&REF_TYPE)).required(),
        member("uid", TEXT).required(),
        member("name", TEXT),
        member("description", TEXT),
        member(
            "resourceReferences",
            unique(&refer(&RESOURCE_REFERENCE_CHOICE)),
        ),
        member(
            "type",
            word(&[(V1_3, &["manual", "api", "webhook", "scheduled"])]),
        )
        .required(),
        member("event", refer(&EVENT)),
        member("conditions", unique(&refer(&CONDITION))),
        member("timeActivated", DATE_TIME),
        member("inputs", unique(&refer(&INPUT_TYPE))),
        member("outputs", unique(&refer(&OUTPUT_TYPE))),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// What happened.
pub(super) static EVENT: Definition = Definition::object(
    "event",
    Shape::of(&[
        member("uid", TEXT),
        member("description", TEXT),
        member("timeReceived", DATE_TIME),
        member("data", refer(&ATTACHMENT)),
        member("source", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("target", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// What must hold.
pub(super) static CONDITION: Definition = Definition::object(
    "condition",
    Shape::of(&[
        member("description", TEXT),
        member("expression", TEXT),
        member("properties", list(&refer(&PROPERTY))),
    ]),
);

/// What goes in.
pub(super) static INPUT_TYPE: Definition = Definition::object(
    "inputType",
    Shape::of(&[
        member("source", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("target", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("resource", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("parameters", unique(&refer(&PARAMETER))),
        member(
            "environmentVars",
            unique(&one_of(&[refer(&PROPERTY), TEXT])),
        ),
        member("data", refer(&ATTACHMENT)),
        member("properties", list(&refer(&PROPERTY))),
    ])
    .demanding(&[(
        V1_3,
        Demand::ExactlyOne(&[
            &["resource"],
            &["parameters"],
            &["environmentVars"],
            &["data"],
        ]),
    )]),
);

/// What comes out.
pub(super) static OUTPUT_TYPE: Definition = Definition::object(
    "outputType",
    Shape::of(&[
        member(
            "type",
            word(&[(
                V1_3,
                &[
                    "artifact",
                    "attestation",
                    "log",
                    "evidence",
                    "metrics",
                    "other",
                ],
            )]),
        ),
        member("source", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("target", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("resource", refer(&RESOURCE_REFERENCE_CHOICE)),
        member("data", refer(&ATTACHMENT)),
        member(
            "environmentVars",
            unique(&one_of(&[refer(&PROPERTY), TEXT])),
        ),
        member("properties", list(&refer(&PROPERTY))),
    ])
    .demanding(&[(
        V1_3,
        Demand::ExactlyOne(&[&["resource"], &["environmentVars"], &["data"]]),
    )]),
);

/// Something here or elsewhere.
pub(super) static RESOURCE_REFERENCE_CHOICE: Definition = Definition::object(
    "resourceReferenceChoice",
    Shape::of(&[
        member(
            "ref",
            any_of(&[refer(&REF_LINK_TYPE), refer(&BOM_LINK_ELEMENT_TYPE)]),
        ),
        member("externalReference", refer(&EXTERNAL_REFERENCE)),
    ])
    .demanding(&[(
        V1_3,
        Demand::ExactlyOne(&[&["ref"], &["externalReference"]]),
    )]),
);

/// A parameter.
pub(super) static PARAMETER: Definition = Definition::object(
    "parameter",
    Shape::of(&[
        member("name", TEXT),
        member("value", TEXT),
        member("dataType", TEXT),
    ]),
);
