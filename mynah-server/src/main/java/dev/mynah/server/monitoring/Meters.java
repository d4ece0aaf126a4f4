package dev.mynah.server.monitoring;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.mynah.engine.EngineMetrics;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.provider.ModelProvider;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is measured beside answers, requests and errors: the engines, the JVM and the pool of database connections. */
@Configuration(proxyBeanMethods = false)
class Meters {

    @Bean
    PrometheusMeterRegistry registry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean(destroyMethod = "close")
    JvmGcMetrics garbageCollection() {
        return new JvmGcMetrics();
    }

    /** Adds all meters once everything that they look at is there. */
    @Bean
    SmartInitializingSingleton binding(
            PrometheusMeterRegistry registry,
            JvmGcMetrics garbageCollection,
            DataSource dataSource,
            Answers answers,
            ObjectProvider<ModelProvider> providers) {
        return () -> {
            List<MeterBinder> binders = List.of(
                    new JvmMemoryMetrics(),
                    garbageCollection,
                    new JvmThreadMetrics(),
                    new ClassLoaderMetrics(),
                    new ProcessorMetrics(),
                    new UptimeMetrics(),
                    new FileDescriptorMetrics());
            binders.forEach(binder -> binder.bindTo(registry));
            if (dataSource instanceof HikariDataSource pool) {
                pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
            }
            Gauge.builder("mynah.answers.running", answers, all -> all.running().size())
                    .description("Answers that this process generates")
                    .register(registry);
            providers.stream()
                    .filter(provider -> provider.metrics().isPresent())
                    .forEach(provider -> bind(provider, registry));
        };
    }

    private static void bind(ModelProvider provider, MeterRegistry registry) {
        gauge(provider, registry, "mynah.engine.waiting", "Sequences that wait", EngineMetrics::waiting);
        gauge(provider, registry, "mynah.engine.running", "Sequences that are computed", EngineMetrics::running);
        gauge(
                provider,
                registry,
                "mynah.engine.cache.used.blocks",
                "Blocks of the cache in use",
                EngineMetrics::usedBlocks);
        gauge(
                provider,
                registry,
                "mynah.engine.cache.kept.blocks",
                "Blocks kept for a text that begins alike",
                EngineMetrics::cachedBlocks);
        gauge(
                provider,
                registry,
                "mynah.engine.cache.free.blocks",
                "Empty blocks of the cache",
                EngineMetrics::freeBlocks);
        counter(provider, registry, "mynah.engine.prompt.tokens", "Tokens read", EngineMetrics::promptTokens);
        counter(
                provider,
                registry,
                "mynah.engine.cached.tokens",
                "Tokens found in the prefix cache instead",
                EngineMetrics::cachedTokens);
        counter(provider, registry, "mynah.engine.generated.tokens", "Tokens written", EngineMetrics::generatedTokens);
        counter(
                provider,
                registry,
                "mynah.engine.preemptions",
                "Sequences that gave their blocks to others",
                EngineMetrics::preemptions);
        counter(provider, registry, "mynah.engine.steps", "Passes over the model", EngineMetrics::steps);
    }

    private static void gauge(
            ModelProvider provider,
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<EngineMetrics> figure) {
        Gauge.builder(name, provider, one -> figure.applyAsDouble(one.metrics().orElseThrow()))
                .description(description)
                .tag("provider", provider.name())
                .register(registry);
    }

    private static void counter(
            ModelProvider provider,
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<EngineMetrics> figure) {
        FunctionCounter.builder(
                        name,
                        provider,
                        one -> figure.applyAsDouble(one.metrics().orElseThrow()))
                .description(description)
                .tag("provider", provider.name())
                .register(registry);
    }
}
