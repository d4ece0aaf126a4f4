package dev.mynah.train.loop;

import dev.mynah.tensor.Tensor;

/**
 * Tokens and what is to be predicted from them, on the CPU.
 *
 * @param ids I64 {@code [rows, context]}
 * @param targets I64 {@code [rows * context]}: the token after each of {@code ids}, or {@link dev.mynah.tensor.Nn#IGNORE} where none is to be predicted
 * @param documents I64 {@code [rows, context]}: numbers that differ between the documents of a row
 * @param positions I64 {@code [rows, context]}: each token's position in its document, counted from the row's start for the first
 * @param boundaries whether any row holds parts of more than one document
 */
public record Batch(Tensor ids, Tensor targets, Tensor documents, Tensor positions, boolean boundaries) {}
