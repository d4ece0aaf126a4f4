package dev.mynah.train.config;

import dev.mynah.files.config.Default;
import dev.mynah.files.config.Doc;
import dev.mynah.files.config.Range;
import java.util.List;

/** A low-rank adapter beside frozen weights. */
public record LoraSection(
        @Doc("Inner size of each update.") @Default("16") @Range(min = 1, max = 4096)
        int rank,

        @Doc("The updates are scaled by alpha / rank.") @Default("32") @Range(above = 0)
        double alpha,

        @Doc("Probability with which an input element of an update is dropped in training.")
        @Default("0")
        @Range(min = 0, below = 1)
        double dropout,

        @Doc(
                "Linear layers that are adapted, by the last part of their names, such as q_proj; an empty list means all in the blocks.")
        @Default("[]")
        List<String> targets) {}
