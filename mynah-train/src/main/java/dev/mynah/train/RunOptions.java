package dev.mynah.train;

import dev.mynah.tensor.Device;
import java.nio.file.Path;

/**
 * Where a run is and what it may use.
 *
 * @param out the run's folder; see {@link dev.mynah.train.run.RunFiles}
 * @param resume whether to go on from the newest checkpoint in {@code out}; without one, training begins at the start
 */
public record RunOptions(Path out, boolean resume, Device device, Datasets datasets) {}
