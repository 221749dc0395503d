import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.s3express.S3ExpressSessionCredentials;

/**
 * Presigns with the AWS SDK for Java 2: reads one JSON request per line and writes one JSON answer per line. See ../README.md.
 */
public final class Presign {
    /** The SDK cannot express the request. */
    private static final class Cannot extends Exception {
        Cannot(String why) {
            super(why);
        }
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(json("software.amazon.awssdk:s3 " + VersionInfo.SDK_VERSION));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Map<String, Object> answer = new LinkedHashMap<>();
            try {
                JsonNode request = JsonNode.parser().parse(line);
                FrozenClock.set(Long.parseLong(request.field("time").get().asNumber()));
                answer = given(request, "signer") ? signer(request) : client(request);
            } catch (Cannot cannot) {
                answer.put("cannot", cannot.getMessage());
            } catch (InvocationTargetException error) {
                answer.put("error", String.valueOf(error.getCause()));
            } catch (Exception error) {
                answer.put("error", error.toString());
            }
            out.println(json(answer));
        }
    }

    private static Map<String, Object> client(JsonNode request) throws Exception {
        if (!given(request, "expires")) {
            throw new Cannot("an expiry is required");
        }
        S3Configuration.Builder configuration = S3Configuration.builder()
                .pathStyleAccessEnabled("path".equals(text(request, "style")))
                .accelerateModeEnabled(is(request, "accelerate"));
        if (given(request, "use_arn_region")) {
            configuration.useArnRegionEnabled(is(request, "use_arn_region"));
        }
        Region region = Region.of(text(request, "region"));
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(credentials(request.field("credentials").get()));
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(region)
                .credentialsProvider(credentials)
                .dualstackEnabled(is(request, "dualstack"))
                .fipsEnabled(is(request, "fips"))
                .serviceConfiguration(configuration.build());
        if (given(request, "endpoint")) {
            builder.endpointOverride(URI.create(text(request, "endpoint")));
        }
        if (given(request, "session")) {
            List<JsonNode> session = request.field("session").get().asArray();
            FrozenClock.session = S3ExpressSessionCredentials.create(
                    session.get(0).asString(), session.get(1).asString(), session.get(2).asString());
            // Without a client there is no session, and the presigner signs with the credentials themselves.
            builder.s3Client(S3Client.builder().region(region).credentialsProvider(credentials).build());
        }

        String operation = text(request, "operation");
        String models = "software.amazon.awssdk.services.s3.model.";
        String presignModels = "software.amazon.awssdk.services.s3.presigner.model.";
        Class<?> wanted;
        try {
            wanted = Class.forName(presignModels + operation + "PresignRequest");
        } catch (ClassNotFoundException none) {
            throw new Cannot("no presign" + operation);
        }
        Class<?> inputs = Class.forName(models + operation + "Request");
        Object input = inputs.getMethod("builder").invoke(null);
        fill((SdkPojo) input, request.field("parameters").get().asObject());
        input = Class.forName(inputs.getName() + "$Builder").getMethod("build").invoke(input);

        Object presign = wanted.getMethod("builder").invoke(null);
        Class<?> presigns = Class.forName(wanted.getName() + "$Builder");
        String lower = operation.substring(0, 1).toLowerCase() + operation.substring(1);
        presigns.getMethod(lower + "Request", inputs).invoke(presign, input);
        Duration expires = Duration.ofSeconds(Long.parseLong(request.field("expires").get().asNumber()));
        presigns.getMethod("signatureDuration", Duration.class).invoke(presign, expires);
        presign = presigns.getMethod("build").invoke(presign);

        try (S3Presigner presigner = builder.build()) {
            Method method = S3Presigner.class.getMethod("presign" + operation, wanted);
            PresignedRequest signed = (PresignedRequest) method.invoke(presigner, presign);
            // java.net.URL might change the signed text.
            String url = signed.httpRequest().getUri().toString();
            return answer(signed.httpRequest().method(), url, signed.signedHeaders());
        }
    }

    /** Sets the members of an operation's input by name. */
    private static void fill(SdkPojo input, Map<String, JsonNode> parameters) throws Exception {
        for (Map.Entry<String, JsonNode> given : parameters.entrySet()) {
            SdkField<?> field = input.sdkFields().stream()
                    .filter(one -> one.memberName().equals(given.getKey()))
                    .findFirst()
                    .orElseThrow();
            field.set(input, value(field, given.getValue()));
            if (given.getKey().equals("SSECustomerKey")) {
                // This SDK expects the encoded key and its MD5.
                byte[] key = given.getValue().asString().getBytes(StandardCharsets.UTF_8);
                field.set(input, Base64.getEncoder().encodeToString(key));
                SdkField<?> sum = input.sdkFields().stream()
                        .filter(one -> one.memberName().equals("SSECustomerKeyMD5"))
                        .findFirst()
                        .orElseThrow();
                byte[] digest = MessageDigest.getInstance("MD5").digest(key);
                sum.set(input, Base64.getEncoder().encodeToString(digest));
            }
        }
    }

    private static Object value(SdkField<?> field, JsonNode given) {
        if (given.isObject()) {
            Map<String, String> texts = new LinkedHashMap<>();
            given.asObject().forEach((name, value) -> texts.put(name, value.asString()));
            return texts;
        }
        String text = given.isNumber() ? given.asNumber() : given.isString() ? given.asString() : null;
        Class<?> type = field.marshallingType().getTargetClass();
        if (type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == Long.class) {
            return Long.valueOf(text);
        } else if (type == Instant.class) {
            return Instant.parse(text);
        } else if (given.isBoolean()) {
            return given.asBoolean();
        }
        return text;
    }

    private static Map<String, Object> signer(JsonNode request) {
        Map<String, JsonNode> given = request.field("signer").get().asObject();
        URI uri = URI.create(given.get("url").asString());
        String method = given.get("method").asString();
        SdkHttpRequest.Builder http = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(method))
                .protocol(uri.getScheme())
                .host(uri.getHost())
                .encodedPath(uri.getRawPath());
        if (uri.getPort() != -1) {
            http.port(uri.getPort());
        }
        pairs(given.get("query")).forEach(pair -> http.appendRawQueryParameter(pair.get(0), pair.get(1)));
        pairs(given.get("headers")).forEach(pair -> http.appendHeader(pair.get(0), pair.get(1)));
        Duration expires = Duration.ofSeconds(Long.parseLong(request.field("expires").get().asNumber()));
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(credentials(request.field("credentials").get()))
                        .request(http.build())
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, text(request, "region"))
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, expires)
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, FrozenClock.clock))
                .request();
        return answer(signed.method(), signed.getUri().toString(), signed.headers());
    }

    private static Map<String, Object> answer(SdkHttpMethod method, String url, Map<String, List<String>> headers) {
        Map<String, Object> joined = new LinkedHashMap<>();
        headers.forEach((name, values) -> joined.put(name, String.join(",", values)));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("method", method.name());
        answer.put("url", url);
        answer.put("headers", joined);
        return answer;
    }

    private static AwsCredentials credentials(JsonNode given) {
        List<JsonNode> texts = given.asArray();
        String id = texts.get(0).asString();
        String secret = texts.get(1).asString();
        return texts.get(2).isNull()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, texts.get(2).asString());
    }

    private static List<List<String>> pairs(JsonNode given) {
        List<List<String>> pairs = new ArrayList<>();
        for (JsonNode pair : given.asArray()) {
            pairs.add(List.of(pair.asArray().get(0).asString(), pair.asArray().get(1).asString()));
        }
        return pairs;
    }

    private static boolean given(JsonNode request, String name) {
        return !request.field(name).get().isNull();
    }

    private static String text(JsonNode request, String name) {
        return given(request, name) ? request.field(name).get().asString() : null;
    }

    private static boolean is(JsonNode request, String name) {
        return request.field(name).get().asBoolean();
    }

    @SuppressWarnings("unchecked")
    private static String json(Object value) {
        if (value instanceof Map) {
            List<String> members = new ArrayList<>();
            ((Map<String, Object>) value).forEach((name, member) -> members.add(json(name) + ":" + json(member)));
            return "{" + String.join(",", members) + "}";
        }
        StringBuilder text = new StringBuilder("\"");
        for (char c : value.toString().toCharArray()) {
            if (c == '"' || c == '\\' || c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }
}
