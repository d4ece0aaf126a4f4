package dev.mynah.server.account;

import dev.mynah.server.config.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says about accounts.
 *
 * @param publicUrl        where people reach the service, without a slash at the end; null for this machine
 * @param verifyEmail      whether models answer only those whose address is confirmed
 * @param openSignUp       whether anybody may make an account, not only who is invited
 * @param signUpsOfAddress how many accounts may be made from one network address before it must wait
 * @param signUpsOfDomain  how many with addresses of one mail domain
 * @param secondFactor     whether operators and administrators have their rights only after a second factor
 */
public record AccountSettings(
        @Nullable String publicUrl,
        boolean verifyEmail,
        boolean openSignUp,
        int signUpsOfAddress,
        int signUpsOfDomain,
        boolean secondFactor) {

    public static AccountSettings of(ServiceConfig config) {
        return new AccountSettings(
                config.publicUrl(),
                config.verifyEmail(),
                config.signUp() == ServiceConfig.SignUp.OPEN,
                config.signUpsPerAddress(),
                config.signUpsPerDomain(),
                config.secondFactor() == ServiceConfig.SecondFactor.ADMINISTRATORS);
    }
}
