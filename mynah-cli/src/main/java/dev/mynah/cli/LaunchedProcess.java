package dev.mynah.cli;

/** A process that {@code mynah launch} has started. */
final class LaunchedProcess {
    /** Set in the processes that the launcher starts. */
    static final String LAUNCHED = "mynah.launched";

    private LaunchedProcess() {}

    /** Ends this process when its launcher is gone, even where that was killed and could not tell: an orphan would go on training. */
    static void endWithLauncher() {
        if (Boolean.getBoolean(LAUNCHED)) {
            ProcessHandle.current()
                    .parent()
                    .ifPresent(parent -> Thread.ofPlatform().daemon().start(() -> {
                        parent.onExit().join();
                        Runtime.getRuntime().halt(Failures.FAILED);
                    }));
        }
    }
}
