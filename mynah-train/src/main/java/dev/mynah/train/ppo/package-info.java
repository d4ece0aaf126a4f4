/** A policy learns from what its own answers are worth: PPO, the third step of InstructGPT; GRPO, which needs no value model; and TAMER, where a person says it. */
@NullMarked
package dev.mynah.train.ppo;

import org.jspecify.annotations.NullMarked;
