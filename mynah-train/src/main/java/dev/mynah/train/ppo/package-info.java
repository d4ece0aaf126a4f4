/** Proximal policy optimisation, the third step of InstructGPT: a policy learns from the rewards of its own answers. */
@NullMarked
package dev.mynah.train.ppo;

import org.jspecify.annotations.NullMarked;
