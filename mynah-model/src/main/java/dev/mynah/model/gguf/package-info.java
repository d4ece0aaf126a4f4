/** GGUF, the file format of llama.cpp: reading, writing, and the models and tokenizers inside. */
@NullMarked
package dev.mynah.model.gguf;

import org.jspecify.annotations.NullMarked;
