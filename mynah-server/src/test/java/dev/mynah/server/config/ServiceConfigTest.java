package dev.mynah.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mynah.files.config.ConfigException;
import dev.mynah.files.config.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceConfigTest {
    @TempDir
    private Path dataDir;

    @Test
    void theEnvironmentGoesOverTheFile() throws IOException {
        write("port: 9000\ndatabase: {pool_size: 4}\nmoderation: {warn_at: 7, suspend_at: 9}");

        ServiceConfig config = ServiceConfig.read(
                dataDir,
                Map.of(
                        "MYNAH_MODERATION_WARN_AT",
                        "3",
                        "MYNAH_DATABASE_URL",
                        "jdbc:postgresql://h/d",
                        "HOME",
                        "/root"));

        assertThat(config.port()).isEqualTo(9000);
        assertThat(config.database()).isEqualTo(new ServiceConfig.Database("jdbc:postgresql://h/d", "mynah", "", 4));
        assertThat(config.moderation().warnAt()).isEqualTo(3);
        assertThat(config.moderation().suspendAt()).isEqualTo(9);
    }

    @Test
    void aListIsGivenAsYaml() throws IOException {
        ServiceConfig config = ServiceConfig.read(
                dataDir,
                Map.of("MYNAH_OIDC", "[{id: corp, issuer: 'https://id.example.com', client_id: a, client_secret: b}]"));

        assertThat(config.oidc())
                .containsExactly(
                        new ServiceConfig.OidcProvider("corp", "corp", "https://id.example.com", "a", "b", null));
        assertThatThrownBy(() -> ServiceConfig.read(
                        dataDir,
                        Map.of("MYNAH_OIDC", "[{id: corp, issuer: 'http://a.b', client_id: a, client_secret: b}]")))
                .hasMessageContainingAll("MYNAH_OIDC", "oidc[0]", "issuer must begin with https://");
        assertThatThrownBy(() -> ServiceConfig.read(dataDir, Map.of("MYNAH_OIDC_PROVIDERS", "corp")))
                .hasMessage("the variable MYNAH_OIDC_PROVIDERS is not known");
    }

    @Test
    void nothingNeedsToBeSet() throws IOException {
        ServiceConfig config = ServiceConfig.read(dataDir, Map.of());

        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.database().url()).isNull();
        assertThat(config.shutdown().graceSeconds()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prot: 1                      | mynah.yaml, line 1: prot is not a known key; did you mean port?",
                "port: 70000                  | port is \"70000\"; it takes a whole number, at least 0, at most 65535",
                "database: {pool_size: many}  | database.pool_size is \"many\"; it takes a whole number, at least 2",
                "database: {url: jdbc:h2:x}   | must begin with jdbc:postgresql:",
                "metrics: {token: short}      | metrics.token (MYNAH_METRICS_TOKEN) must have at least 16 characters",
                "public_url: chat.example.com | public_url (MYNAH_PUBLIC_URL) must be like https://chat.example.com",
                "public_url: 'https://a.b/c'  | without a path",
                "sign_up: closed              | sign_up is \"closed\"; it takes one of open, invitation",
                "sign_ups_per_domain: 0       | sign_ups_per_domain is \"0\"; it takes a whole number, at least 1",
                "verify_email: 'yes'          | verify_email is \"yes\"; it takes true or false",
                "second_factor: all           | it takes one of optional, administrators",
                "smtp: {host: mail}           | smtp.host (MYNAH_SMTP_HOST) needs smtp.from (MYNAH_SMTP_FROM)",
                "smtp: {security: ssl}        | smtp.security is \"ssl\"; it takes one of starttls, tls, none",
                "oidc: [{id: corp}]           | oidc[0].issuer is missing",
                "oidc: corp                   | oidc is \"corp\"; it takes a list of mappings",
                "payments: {provider: paypal} | payments.provider is \"paypal\"; it takes one of off, test, stripe",
                "payments: {provider: stripe} | needs stripe_secret_key and stripe_webhook_secret",
                "payments: {provider: stripe, stripe_secret_key: a, stripe_webhook_secret: b} | needs public_url (MYNAH_PUBLIC_URL)",
                "payments: {public_url: 'https://a.b'} | payments.public_url is not a known key",
                "retention: {audit_days: 30}  | retention.audit_days must be 0 or at least 90",
            })
    void whatIsWrongIsNamed(String yaml, String sentence) throws IOException {
        write(yaml);

        assertThatThrownBy(() -> ServiceConfig.read(dataDir, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void variablesAreCheckedAsKeysAre() {
        assertThatThrownBy(() -> ServiceConfig.read(dataDir, Map.of("MYNAH_MODERATION_WARN_AT", "0")))
                .hasMessage(
                        "the variable MYNAH_MODERATION_WARN_AT: moderation.warn_at is \"0\"; it takes a whole number, at least 1, at most 1000000");
        assertThatThrownBy(() -> ServiceConfig.read(dataDir, Map.of("MYNAH_DATABASE_ULR", "x")))
                .hasMessage("the variable MYNAH_DATABASE_ULR is not known; did you mean MYNAH_DATABASE_URL?");
        assertThatThrownBy(() -> ServiceConfig.read(dataDir, Map.of("MYNAH_PAYMENTS_PUBLIC_URL", "https://a.b")))
                .hasMessage("the variable MYNAH_PAYMENTS_PUBLIC_URL is not known; did you mean MYNAH_PUBLIC_URL?");
    }

    @Test
    void everyKeyIsDocumented() throws IOException {
        assertThat(ServiceConfig.reference()).contains("moderation.alarm_url", "shutdown.grace_seconds", "port");
        assertThat(Files.readString(Path.of("../docs/operations.md")))
                .contains(ConfigReference.markdown(ServiceConfig.class));
    }

    private void write(String yaml) throws IOException {
        Files.writeString(dataDir.resolve(ServiceConfig.FILE), yaml);
    }
}
