//! Formulation: workflows, tasks, triggers.

use super::component::COMPONENTS;
use super::document::DEPENDENCIES;
use super::reference::{ATTACHED_TEXT, EXTERNAL_REFERENCE, PROPERTIES, PROPERTY};
use super::service::SERVICES;
use crate::grammar::SpecVersion::V1_3;
use crate::xml::simple::{BOOLEAN, DATE_TIME, REFERENCE, STRING, Simple};
use crate::xml::structure::{
    FOREIGN, Structure, Wildcard, attribute, choice, nested, sequence, text,
};

/// `formulationType`
pub(super) static FORMULATION: Structure =
    Structure::list(&[sequence(&[nested("formula", &FORMULA), FOREIGN]).many()])
        .open(Wildcard::Any);

/// `formulaType`
pub(super) static FORMULA: Structure = Structure::object(&[
    nested("components", &COMPONENTS).optional(),
    nested("services", &SERVICES).optional(),
    nested("workflows", &WORKFLOWS).optional(),
    nested("properties", &PROPERTIES).optional(),
])
.attributes(&[attribute("bom-ref", &REFERENCE)])
.open(Wildcard::Any);

/// `workflowsType`
pub(super) static WORKFLOWS: Structure =
    Structure::list(&[nested("workflow", &WORKFLOW).many(), FOREIGN]).open(Wildcard::Any);

/// `workflowType`
pub(super) static WORKFLOW: Structure = Structure::object(&[
    text("uid", &STRING),
    text("name", &STRING).optional(),
    text("description", &STRING).optional(),
    nested("resourceReferences", &RESOURCE_REFERENCES).optional(),
    nested("tasks", &TASKS).optional(),
    nested("taskDependencies", &DEPENDENCIES).optional(),
    nested(
        "taskTypes",
        &Structure::list(&[text("taskType", &TASK_VALUE).many()]),
    ),
    nested("trigger", &TRIGGER).optional(),
    nested("steps", &Structure::list(&[nested("step", &STEP).many()])).optional(),
    nested(
        "inputs",
        &Structure::list(&[nested("input", &INPUT).many()]),
    )
    .optional(),
    nested(
        "outputs",
        &Structure::list(&[nested("output", &OUTPUT).many()]),
    )
    .optional(),
    text("timeStart", &DATE_TIME).optional(),
    text("timeEnd", &DATE_TIME).optional(),
    nested("workspaces", &WORKSPACES).optional(),
    nested("runtimeTopology", &DEPENDENCIES).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).required()])
.open(Wildcard::Any);

/// `resourceReferencesType`
pub(super) static RESOURCE_REFERENCES: Structure = Structure::list(&[
    nested("resourceReference", &RESOURCE_REFERENCE).many(),
    FOREIGN,
])
.open(Wildcard::Any);

/// `resourceReferenceType`
pub(super) static RESOURCE_REFERENCE: Structure = Structure::object(&[
    choice(&[
        text("ref", &REFERENCE),
        nested("externalReference", &EXTERNAL_REFERENCE),
    ]),
    FOREIGN,
])
.open(Wildcard::Any);

/// `tasksType`
pub(super) static TASKS: Structure =
    Structure::list(&[nested("task", &TASK).many(), FOREIGN]).open(Wildcard::Any);

/// `taskType`
pub(super) static TASK: Structure = Structure::object(&[
    text("uid", &STRING),
    text("name", &STRING).optional(),
    text("description", &STRING).optional(),
    nested("resourceReferences", &RESOURCE_REFERENCES).optional(),
    nested(
        "taskTypes",
        &Structure::list(&[text("taskType", &TASK_VALUE).many()]),
    ),
    nested("trigger", &TRIGGER).optional(),
    nested("steps", &Structure::list(&[nested("step", &STEP).many()])).optional(),
    nested(
        "inputs",
        &Structure::list(&[nested("input", &INPUT).many()]),
    )
    .optional(),
    nested(
        "outputs",
        &Structure::list(&[nested("output", &OUTPUT).many()]),
    )
    .optional(),
    text("timeStart", &DATE_TIME).optional(),
    text("timeEnd", &DATE_TIME).optional(),
    nested("workspaces", &WORKSPACES).optional(),
    nested("runtimeTopology", &DEPENDENCIES).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).required()])
.open(Wildcard::Any);

/// `workspacesType`
pub(super) static WORKSPACES: Structure =
    Structure::list(&[nested("workspace", &WORKSPACE).many(), FOREIGN]).open(Wildcard::Any);

/// `workspaceType`
pub(super) static WORKSPACE: Structure = Structure::object(&[sequence(&[
    text("uid", &STRING),
    text("name", &STRING).optional(),
    nested(
        "aliases",
        &Structure::list(&[text("alias", &STRING).many()]),
    )
    .optional(),
    text("description", &STRING).optional(),
    nested("resourceReferences", &RESOURCE_REFERENCES).optional(),
    text("accessMode", &ACCESS_MODE).optional(),
    text("mountPath", &STRING).optional(),
    text("managedDataType", &STRING).optional(),
    text("volumeRequest", &STRING).optional(),
    nested("volume", &VOLUME).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.many()])
.attributes(&[attribute("bom-ref", &REFERENCE).required()])
.open(Wildcard::Any);

/// `volumeType`
pub(super) static VOLUME: Structure = Structure::object(&[
    text("uid", &STRING).optional(),
    text("name", &STRING).optional(),
    text("mode", &VOLUME_MODE)
        .optional()
        .or_default("filesystem"),
    text("path", &STRING).optional(),
    text("sizeAllocated", &STRING).optional(),
    text("persistent", &BOOLEAN).optional(),
    text("remote", &BOOLEAN).optional(),
    nested("properties", &PROPERTIES).optional(),
]);

/// `stepType`
pub(super) static STEP: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    text("description", &STRING).optional(),
    nested(
        "commands",
        &Structure::list(&[nested("command", &COMMAND).many()]),
    )
    .optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.open(Wildcard::Any);

/// `stepType/commands/command`
pub(super) static COMMAND: Structure = Structure::object(&[
    text("executed", &STRING).optional(),
    nested("properties", &PROPERTIES).optional(),
]);

/// `triggerType`
pub(super) static TRIGGER: Structure = Structure::object(&[
    text("uid", &STRING),
    text("name", &STRING).optional(),
    text("description", &STRING).optional(),
    nested("resourceReferences", &RESOURCE_REFERENCES).optional(),
    text("type", &TRIGGER_TYPE),
    nested("event", &EVENT).optional(),
    nested(
        "conditions",
        &Structure::list(&[nested("condition", &CONDITION).many()]),
    )
    .optional(),
    text("timeActivated", &DATE_TIME).optional(),
    nested(
        "inputs",
        &Structure::list(&[nested("input", &INPUT).many()]),
    )
    .optional(),
    nested(
        "outputs",
        &Structure::list(&[nested("output", &OUTPUT).many()]),
    )
    .optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.attributes(&[attribute("bom-ref", &REFERENCE).required()])
.open(Wildcard::Any);

/// `triggerType/conditions/condition`
pub(super) static CONDITION: Structure = Structure::object(&[
    text("description", &STRING).optional(),
    text("expression", &STRING).optional(),
    nested("properties", &PROPERTIES).optional(),
]);

/// `eventType`
pub(super) static EVENT: Structure = Structure::object(&[
    text("uid", &STRING).optional(),
    text("description", &STRING).optional(),
    text("timeReceived", &DATE_TIME).optional(),
    nested("data", &ATTACHED_TEXT).optional(),
    nested("source", &RESOURCE_REFERENCE).optional(),
    nested("target", &RESOURCE_REFERENCE).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.open(Wildcard::Any);

/// `inputType`
pub(super) static INPUT: Structure = Structure::object(&[
    choice(&[
        nested("resource", &RESOURCE_REFERENCE),
        nested("parameters", &PARAMETERS),
        nested("environmentVars", &ENVIRONMENT_VARS),
        nested("data", &ATTACHED_TEXT),
    ]),
    nested("source", &RESOURCE_REFERENCE).optional(),
    nested("target", &RESOURCE_REFERENCE).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.open(Wildcard::Any);

/// `inputType/environmentVars`
pub(super) static ENVIRONMENT_VARS: Structure = Structure::list(&[sequence(&[choice(&[
    nested("environmentVar", &PROPERTY).optional(),
    text("value", &STRING).optional(),
])])
.many()]);

/// `outputType`
pub(super) static OUTPUT: Structure = Structure::object(&[
    choice(&[
        nested("resource", &RESOURCE_REFERENCE),
        nested("environmentVars", &ENVIRONMENT_VARS),
        nested("data", &ATTACHED_TEXT),
    ]),
    text("type", &OUTPUT_VALUE).optional(),
    nested("source", &RESOURCE_REFERENCE).optional(),
    nested("target", &RESOURCE_REFERENCE).optional(),
    nested("properties", &PROPERTIES).optional(),
    FOREIGN,
])
.open(Wildcard::Any);

/// `parametersType`
pub(super) static PARAMETERS: Structure =
    Structure::list(&[nested("parameter", &PARAMETER).many()]);

/// `parameterType`
pub(super) static PARAMETER: Structure = Structure::object(&[
    text("name", &STRING).optional(),
    text("value", &STRING).optional(),
    text("dataType", &STRING).optional(),
    FOREIGN,
])
.open(Wildcard::Any);

pub(super) static TASK_VALUE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "copy", "clone", "lint", "scan", "merge", "build", "test", "deliver", "deploy", "release",
        "clean", "other",
    ],
)]);

pub(super) static ACCESS_MODE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "read-only",
        "read-write",
        "read-write-once",
        "write-once",
        "write-only",
    ],
)]);

pub(super) static VOLUME_MODE: Simple = Simple::one_of(&[(V1_3, &["filesystem", "block"])]);

pub(super) static TRIGGER_TYPE: Simple =
    Simple::one_of(&[(V1_3, &["manual", "api", "webhook", "scheduled"])]);

pub(super) static OUTPUT_VALUE: Simple = Simple::one_of(&[(
    V1_3,
    &[
        "artifact",
        "attestation",
        "log",
        "evidence",
        "metrics",
        "other",
    ],
)]);
