package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Input;
import dev.mynah.files.config.Range;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The network of a run, given in exactly one way: its shape, a depth, a preset, or a folder that holds a model. */
public sealed interface ModelSection {

    /** Tokens in a training sequence; null leaves it to the preset or the model. */
    @Nullable
    Integer context();

    /** A shape written out: {@code {layers: 6, width: 384, heads: 6}}. */
    @Doc("by hand")
    record Shape(
            @Doc("Transformer blocks.") @Range(min = 1, max = 1000)
            int layers,

            @Doc("Architecture: llama (RoPE, RMSNorm, SwiGLU) or gpt2 (learned positions, LayerNorm, GELU, biases).")
            @Default("llama")
            Family family,

            @Doc("Width of the residual stream.") @Range(min = 1, max = 100_000)
            int width,

            @Doc("Query heads of each attention.") @Range(min = 1, max = 10_000)
            int heads,

            @Doc("Key and value heads, llama only; without it as many as heads.") @Nullable @Range(min = 1)
            Integer kvHeads,

            @Doc("Width of a head, llama only; without it width / heads.") @Nullable @Range(min = 1)
            Integer headDim,

            @Doc("Width of the feed-forward layer; without it the family's usual multiple of width.")
            @Nullable
            @Range(min = 1)
            Integer hidden,

            @Doc("Tokens in a sequence.") @Default("512") @Range(min = 2)
            Integer context,

            @Doc("Base of the rotary position angles, llama only; without it 10000.") @Nullable @Range(above = 0)
            Double ropeTheta,

            @Doc("RMSNorm on queries and keys (as Qwen3), llama only.") @Default("false")
            boolean qkNorm,

            @Doc("Biases on the query, key and value projections (as Qwen2), llama only.") @Default("false")
            boolean qkvBias,

            @Doc("Whether the output head is the embedding matrix; without it true for gpt2 and false for llama.")
            @Nullable
            Boolean tieEmbeddings)
            implements ModelSection {

        public Shape {
            if (headDim == null && width % heads != 0) {
                throw new IllegalArgumentException(
                        "width " + width + " is not divisible by heads " + heads + " (and head_dim is not given)");
            }
            kvHeads = kvHeads == null ? heads : kvHeads;
            if (heads % kvHeads != 0) {
                throw new IllegalArgumentException("heads " + heads + " is not divisible by kv_heads " + kvHeads);
            }
            int perHead = headDim == null ? width / heads : headDim;
            if (family == Family.LLAMA && perHead % 2 != 0) {
                throw new IllegalArgumentException(
                        "the width of a head is " + perHead + "; rotary positions need an even one");
            }
            boolean llamaOnly = kvHeads != heads || headDim != null || ropeTheta != null || qkNorm || qkvBias;
            if (family == Family.GPT2 && llamaOnly) {
                throw new IllegalArgumentException(
                        "family gpt2 takes none of kv_heads, head_dim, rope_theta, qk_norm, qkv_bias of llama");
            }
            ropeTheta = ropeTheta == null && family == Family.LLAMA ? Double.valueOf(10_000) : ropeTheta;
            tieEmbeddings = tieEmbeddings == null ? family == Family.GPT2 : tieEmbeddings;
        }
    }

    /** One dial from which the rest of a llama shape is derived. */
    @Doc("by depth, from which the rest of a llama shape follows")
    record Depth(
            @Doc("Transformer blocks; width, heads and the rest follow from it.") @Range(min = 1, max = 1000)
            int depth,

            @Doc("Tokens in a sequence.") @Default("512") @Range(min = 2)
            Integer context)
            implements ModelSection {}

    /** A published size with fresh weights. */
    @Doc("by preset, a published size with fresh weights")
    record Preset(
            @Doc("Name of a published size, such as gpt2.") String preset,

            @Doc("Tokens in a training sequence; without it the preset's own.") @Nullable @Range(min = 2)
            Integer context)
            implements ModelSection {}

    /** A model to go on from. */
    @Doc("by path, a model to go on from")
    record Folder(
            @Doc("Folder of a model in the Hugging Face layout whose weights are trained further.") @Input
            Path path,

            @Doc("Tokens in a training sequence; without it the model's own.") @Nullable @Range(min = 2)
            Integer context)
            implements ModelSection {}

    /** The families of decoder-only transformers. */
    enum Family {
        LLAMA,
        GPT2
    }
}
