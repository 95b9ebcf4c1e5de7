/** GGUF version 3 files: layout, block types, names and tokenizer, after the format's specification in ggml (docs/gguf.md). */
package io.apus.export.gguf;
