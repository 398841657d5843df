//! What holds of every manifest.
