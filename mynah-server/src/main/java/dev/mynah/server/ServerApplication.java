package dev.mynah.server;

import java.time.Clock;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** What Spring puts together: the components of these packages. */
@SpringBootApplication(
        proxyBeanMethods = false,
        // Users are the account package's.
        exclude = UserDetailsServiceAutoConfiguration.class)
class ServerApplication {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
