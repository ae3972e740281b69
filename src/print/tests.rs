//! What holds for every document, through the public face.
