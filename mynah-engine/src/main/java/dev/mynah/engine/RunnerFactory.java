package dev.mynah.engine;

import java.io.IOException;

/** Opens a runner on the thread that will use and close it. */
@FunctionalInterface
public interface RunnerFactory {

    ModelRunner open() throws IOException;
}
