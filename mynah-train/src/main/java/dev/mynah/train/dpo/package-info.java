/** Direct preference optimisation: a policy learns from rankings without a reward model. */
@NullMarked
package dev.mynah.train.dpo;

import org.jspecify.annotations.NullMarked;
