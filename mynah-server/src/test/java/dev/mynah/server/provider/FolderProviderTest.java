package dev.mynah.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mynah.server.TestDatabase;
import dev.mynah.server.TestServer;
import dev.mynah.server.store.Ids;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FolderProviderTest {
    private static final Prompt PROMPT = new Prompt.Tokens(List.of(1));

    private final TestServer server = TestServer.on(TestDatabase.H2);
    private final List<String> registered = new ArrayList<>();
    private final String cold = registered();
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger closings = new AtomicInteger();

    /** A model that says its name. */
    private final class Named implements ModelProvider {
        private final String id;

        Named(String id) {
            this.id = id;
        }

        @Override
        public String name() {
            return FolderProvider.NAME;
        }

        @Override
        public Set<String> models() {
            return Set.of(id);
        }

        @Override
        public PreparedGeneration prepare(ModelRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String text(String model, Prompt prompt) {
            return id;
        }

        @Override
        public void close() {
            closings.incrementAndGet();
        }
    }

    private String registered() {
        String id = Ids.next("model_");
        registered.add(id);
        server.bean(ModelRepository.class)
                .insertIfAbsent(server.bean(Models.class).priced(id, FolderProvider.NAME));
        server.bean(ModelFolderRepository.class)
                .insertIfAbsent(new ModelFolderRepository.Entry(id, Path.of("folder"), null, null));
        return id;
    }

    /** Other tests of this server see the models that there are. */
    @AfterEach
    void unregister() {
        registered.forEach(server.bean(ModelRepository.class)::delete);
    }

    private FolderProvider provider(ModelOpener opener) {
        return new FolderProvider(
                server.bean(ModelFolderRepository.class), opener, server.bean(SharedBases.class), Clock.systemUTC());
    }

    /** Opens at once, but for the cold model, whose opening waits. */
    private ModelOpener slowly(CountDownLatch begun, CountDownLatch goOn) {
        return (name, folder) -> {
            openings.incrementAndGet();
            if (name.equals(cold)) {
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return new Named(name);
        };
    }

    @Test
    void aModelThatIsBeingOpenedKeepsWhoAsksForAnotherFromNothing() throws Exception {
        String warm = registered();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                FolderProvider provider = provider(slowly(begun, goOn))) {
            Future<String> first = threads.submit(() -> provider.text(cold, PROMPT));
            begun.await();
            Future<String> second = threads.submit(() -> provider.text(cold, PROMPT));

            assertThat(provider.text(warm, PROMPT)).isEqualTo(warm);
            assertThat(provider.context(cold)).isEmpty();

            goOn.countDown();
            assertThat(first.get()).isEqualTo(cold);
            assertThat(second.get()).isEqualTo(cold);
            assertThat(openings).hasValue(2);
        }
        assertThat(closings).hasValue(2);
    }

    @Test
    void aModelThatIsDeletedWhileItIsOpenedIsClosedThen() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                FolderProvider provider = provider(slowly(begun, goOn))) {
            Future<String> asked = threads.submit(() -> provider.text(cold, PROMPT));
            begun.await();
            provider.forget(cold);
            assertThat(closings).hasValue(0);
            goOn.countDown();
            asked.get();
            assertThat(closings).hasValue(1);
        }
        assertThat(closings).hasValue(1);
    }

    @Test
    void whatCouldNotBeOpenedIsTriedAgain() {
        try (FolderProvider provider = provider((name, folder) -> {
            if (openings.incrementAndGet() == 1) {
                throw new IllegalArgumentException(folder + " is damaged");
            }
            return new Named(name);
        })) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> provider.text(cold, PROMPT))
                    .withMessage("folder is damaged");
            assertThat(provider.text(cold, PROMPT)).isEqualTo(cold);
        }
    }
}
