import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkInternalExecutionAttribute;
import software.amazon.awssdk.http.auth.spi.scheme.AuthScheme;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.Identity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.services.s3.s3express.S3ExpressSessionCredentials;

/**
 * Makes the SDK's signers sign at a fixed time, and passes them session credentials for a directory bucket.
 * S3Presigner loads this class through the resource `execution.interceptors`.
 */
public final class FrozenClock implements ExecutionInterceptor {
    static Clock clock = Clock.systemUTC();
    static S3ExpressSessionCredentials session;

    static void set(long seconds) {
        clock = Clock.fixed(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        Map<String, AuthScheme<?>> schemes = new HashMap<>();
        attributes
                .getAttribute(SdkInternalExecutionAttribute.AUTH_SCHEMES)
                .forEach((id, scheme) -> schemes.put(id, frozen(scheme)));
        attributes.putAttribute(SdkInternalExecutionAttribute.AUTH_SCHEMES, schemes);
    }

    private static <T extends Identity> AuthScheme<T> frozen(AuthScheme<T> scheme) {
        return new AuthScheme<T>() {
            @Override
            public String schemeId() {
                return scheme.schemeId();
            }

            @Override
            @SuppressWarnings("unchecked")
            public IdentityProvider<T> identityProvider(IdentityProviders providers) {
                if (!schemeId().contains("s3express")) {
                    return scheme.identityProvider(providers);
                }
                return new IdentityProvider<T>() {
                    @Override
                    public Class<T> identityType() {
                        return (Class<T>) S3ExpressSessionCredentials.class;
                    }

                    @Override
                    public CompletableFuture<? extends T> resolveIdentity(ResolveIdentityRequest request) {
                        return CompletableFuture.completedFuture((T) session);
                    }
                };
            }

            @Override
            public HttpSigner<T> signer() {
                HttpSigner<T> signer = scheme.signer();
                return new HttpSigner<T>() {
                    @Override
                    public SignedRequest sign(SignRequest<? extends T> request) {
                        return signer.sign(at(request));
                    }

                    @Override
                    public CompletableFuture<AsyncSignedRequest> signAsync(AsyncSignRequest<? extends T> request) {
                        throw new UnsupportedOperationException();
                    }
                };
            }
        };
    }

    private static <T extends Identity> SignRequest<T> at(SignRequest<T> request) {
        return request.toBuilder().putProperty(HttpSigner.SIGNING_CLOCK, clock).build();
    }
}
