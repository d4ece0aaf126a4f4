/** The fast path on a CPU: a decoder computed by fused kernels over the weights' own bytes, held by tests to the one definition of the network, {@link dev.mynah.model.Transformer}. */
@NullMarked
package dev.mynah.engine.fused;

import org.jspecify.annotations.NullMarked;
