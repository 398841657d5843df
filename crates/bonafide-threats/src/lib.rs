//! The threat catalogue, and which provisions of which frameworks each threat maps to.
