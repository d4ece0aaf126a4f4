/**
 * A thin layer over libtorch: tensors in scoped native memory, autograd, optimiser, random numbers, collectives. The only package that knows {@code org.bytedeco}.
 */
@NullMarked
package dev.mynah.tensor;

import org.jspecify.annotations.NullMarked;
