// Presigns with the AWS SDK for Go v2: reads one JSON request per line and writes one JSON answer per line.
// See ../README.md.
package main

import (
	"bufio"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

type request struct {
	Setup        string
	Region       string
	Credentials  []*string
	Session      []*string
	Time         int64
	Expires      *int64
	Endpoint     *string
	Style        *string
	UseArnRegion *bool `json:"use_arn_region"`
	Dualstack    bool
	Fips         bool
	Accelerate   bool
	Global       bool
	Operation    string
	Parameters   map[string]any
	Signer       *struct {
		Method  string
		URL     string
		Query   [][2]string
		Headers [][2]string
	}
}

type answer struct {
	Method  string            `json:"method,omitempty"`
	URL     string            `json:"url,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Error   string            `json:"error,omitempty"`
	Cannot  string            `json:"cannot,omitempty"`
}

// Signs like the SDK, but at a fixed time.
type frozen struct {
	signer *v4.Signer
	now    time.Time
}

func (f frozen) PresignHTTP(
	ctx context.Context, credentials aws.Credentials, r *http.Request, hash, service, region string, _ time.Time,
	options ...func(*v4.SignerOptions),
) (string, http.Header, error) {
	return f.signer.PresignHTTP(ctx, credentials, r, hash, service, region, f.now, options...)
}

type static aws.Credentials

func (s static) Retrieve(context.Context) (aws.Credentials, error) { return aws.Credentials(s), nil }

// Session credentials for directory buckets.
type express aws.Credentials

func (e express) Retrieve(context.Context, string) (aws.Credentials, error) {
	return aws.Credentials(e), nil
}

func credentials(texts []*string) aws.Credentials {
	c := aws.Credentials{AccessKeyID: *texts[0], SecretAccessKey: *texts[1]}
	if texts[2] != nil {
		c.SessionToken = *texts[2]
	}
	return c
}

func presign(r request) (answer, error) {
	now := time.Unix(r.Time, 0).UTC()
	if r.Signer != nil {
		return presignRequest(r, now)
	}
	if r.Global {
		return answer{Cannot: "no global endpoint"}, nil
	}
	if strings.Contains(bucket(r), ".mrap") {
		// The signer for these is not exported and reads the clock.
		return answer{Cannot: "Signature Version 4a reads the clock"}, nil
	}
	config := aws.Config{
		Region:       r.Region,
		Credentials:  static(credentials(r.Credentials)),
		BaseEndpoint: r.Endpoint,
		// The defaults of config.LoadDefaultConfig.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
	if r.Setup == "go2-required" {
		config.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		config.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	}
	client := s3.NewFromConfig(config, func(o *s3.Options) {
		o.UsePathStyle = r.Style != nil && *r.Style == "path"
		o.UseAccelerate = r.Accelerate
		if r.UseArnRegion != nil {
			o.UseARNRegion = *r.UseArnRegion
		}
		if r.Session != nil {
			o.ExpressCredentials = express(credentials(r.Session))
		}
		if r.Dualstack {
			o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
		}
		if r.Fips {
			o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
		}
	})
	presigner := s3.NewPresignClient(client, func(o *s3.PresignOptions) {
		signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
		o.Presigner = frozen{signer, now}
		if r.Expires != nil {
			o.Expires = time.Duration(*r.Expires) * time.Second
		}
	})
	method := reflect.ValueOf(presigner).MethodByName("Presign" + r.Operation)
	if !method.IsValid() {
		return answer{Cannot: "no Presign" + r.Operation}, nil
	}
	input := reflect.New(method.Type().In(1).Elem())
	if err := fill(input.Elem(), r.Parameters); err != nil {
		return answer{}, err
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
	if err, ok := results[1].Interface().(error); ok {
		return answer{}, err
	}
	signed := results[0].Interface().(*v4.PresignedHTTPRequest)
	return answer{Method: signed.Method, URL: signed.URL, Headers: joined(signed.SignedHeader)}, nil
}

func bucket(r request) string {
	name, _ := r.Parameters["Bucket"].(string)
	return name
}

// Sets the members of an operation's input by name.
func fill(input reflect.Value, parameters map[string]any) error {
	for name, given := range parameters {
		field := input.FieldByName(name)
		if !field.IsValid() {
			return fmt.Errorf("no member %s", name)
		}
		kind := field.Type()
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		value := reflect.New(kind)
		switch given := given.(type) {
		case float64:
			if kind.Kind() == reflect.String {
				value.Elem().SetString(strconv.FormatFloat(given, 'f', -1, 64))
			} else {
				value.Elem().SetInt(int64(given))
			}
		case string:
			if kind == reflect.TypeFor[time.Time]() {
				at, err := time.Parse(time.RFC3339, given)
				if err != nil {
					return err
				}
				value.Elem().Set(reflect.ValueOf(at))
			} else if name == "SSECustomerKey" {
				// This SDK expects the encoded key and its MD5.
				value.Elem().SetString(base64.StdEncoding.EncodeToString([]byte(given)))
				sum := md5.Sum([]byte(given))
				text := base64.StdEncoding.EncodeToString(sum[:])
				input.FieldByName("SSECustomerKeyMD5").Set(reflect.ValueOf(&text))
			} else {
				value.Elem().SetString(given)
			}
		case bool:
			value.Elem().SetBool(given)
		default:
			text, err := json.Marshal(given)
			if err != nil {
				return err
			}
			if err := json.Unmarshal(text, value.Interface()); err != nil {
				return err
			}
		}
		if field.Kind() != reflect.Pointer {
			value = value.Elem()
		}
		field.Set(value)
	}
	return nil
}

func presignRequest(r request, now time.Time) (answer, error) {
	given := r.Signer
	req, err := http.NewRequest(given.Method, given.URL, nil)
	if err != nil {
		return answer{}, err
	}
	query := url.Values{}
	for _, pair := range given.Query {
		query.Add(pair[0], pair[1])
	}
	// The signer reads the expiry from the query.
	if r.Expires != nil {
		query.Set("X-Amz-Expires", strconv.FormatInt(*r.Expires, 10))
	}
	req.URL.RawQuery = query.Encode()
	for _, pair := range given.Headers {
		if strings.EqualFold(pair[0], "host") {
			req.Host = pair[1]
		} else {
			req.Header.Add(pair[0], pair[1])
		}
		if strings.EqualFold(pair[0], "content-length") {
			req.ContentLength, _ = strconv.ParseInt(pair[1], 10, 64)
		}
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	signed, headers, err := signer.PresignHTTP(
		context.Background(), credentials(r.Credentials), req, "UNSIGNED-PAYLOAD", "s3", r.Region, now)
	return answer{Method: given.Method, URL: signed, Headers: joined(headers)}, err
}

func joined(headers http.Header) map[string]string {
	texts := map[string]string{}
	for name, values := range headers {
		texts[name] = strings.Join(values, ",")
	}
	return texts
}

func main() {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	version := "service/s3"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if strings.HasSuffix(module.Path, "/service/s3") {
				version += " " + module.Version
			}
		}
	}
	_ = out.Encode(version)
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 && err != nil {
			return
		}
		var r request
		var a answer
		if err = json.Unmarshal(line, &r); err == nil {
			a, err = presign(r)
		}
		if err != nil {
			a = answer{Error: err.Error()}
		}
		_ = out.Encode(a)
	}
}
