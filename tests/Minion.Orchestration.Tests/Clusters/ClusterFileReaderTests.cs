using Google.Protobuf.WellKnownTypes;
using Minion.Orchestration.Clusters;

namespace Minion.Orchestration.Tests.Clusters;

public sealed class ClusterFileReaderTests
{
    [Fact]
    public void A_complete_file_is_read_without_errors()
    {
        Files.ErrorsOf(Files.Hello).ShouldBeEmpty();
        var file = Files.Read(Files.Hello).File!;

        file.Name.ShouldBe("hello");
        file.Models.Select(m => m.Definition.Name).ShouldBe(["default", "big"]);
        file.Agents.Select(a => a.Definition.Name).ShouldBe(["hello", "plain"]);
        var hello = file.Agents[0].Definition;
        hello.Instructions.ShouldBe("You are friendly.\nYou use tools.\n");
        hello.Model.ShouldBe("default");
        hello.Tools.ShouldBe(["calculator", "time"]);
        hello.Temperature.ShouldBe(0.2);
        hello.MaxOutputTokens.ShouldBe(1000);
        hello.Labels["tier"].ShouldBe("demo");
        hello.Metadata["owner"].ShouldBe("ada");
    }

    [Fact]
    public void The_resource_policy_fills_in_the_limits_that_an_agent_does_not_have()
    {
        var file = Files.Read(Files.Hello).File!;

        file.Agents[0].Definition.Limits.MaxSteps.ShouldBe(5);
        file.Agents[0].Definition.Limits.MaxTokens.ShouldBe(50000);
        file.Agents[1].Definition.Limits.MaxSteps.ShouldBe(20);
        file.Agents[1].Definition.Limits.Timeout.ShouldBe(Duration.FromTimeSpan(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void A_model_keeps_the_name_of_its_key_variable_and_never_the_key()
    {
        var big = Files.Read(Files.Hello, ("BIG_API_KEY", "sk-secret")).File!.Models[1].Definition;

        big.ApiKeyVariable.ShouldBe("BIG_API_KEY");
        big.ToJson().ShouldNotContain("sk-secret");
        big.Url.ShouldBe("http://localhost:11434/v1");
        big.Timeout.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void The_same_file_as_JSON_is_read_alike()
    {
        const string json = """
            {
            	"apiVersion": "minion.dev/v1", "kind": "AgentCluster",
            	"metadata": {"name": "c"},
            	"models": [{"name": "m", "provider": "openai-compatible", "url": "http:\/\/localhost\/v1", "model": "x"}],
            	"agents": [{"name": "a", "model": "m", "instructions": "line\n\u00e4 \ud83d\ude00 \"q\"", "limits": {"max_steps": 7}, "temperature": 1}]
            }
            """;
        Files.ErrorsOf(json).ShouldBeEmpty();
        var file = Files.Read(json).File!;

        file.Models[0].Definition.Url.ShouldBe("http://localhost/v1");
        file.Agents[0].Definition.Instructions.ShouldBe("line\nä 😀 \"q\"");
        file.Agents[0].Definition.Limits.MaxSteps.ShouldBe(7);
    }

    [Theory]
    [InlineData("instuctions: hi", "6:5 agents[0].instuctions: there is no such key. Did you mean 'instructions'?")]
    [InlineData("zzz: hi", "6:5 agents[0].zzz: there is no such key. Allowed here: name, ")]
    [InlineData("limits: { max_steps: many }", "6:26 agents[0].limits.max_steps: must be a whole number from 1 to 10000, not 'many'")]
    [InlineData("limits: { max_steps: '5' }", "6:26 agents[0].limits.max_steps: must be a whole number from 1 to 10000, not the text '5' in quotes")]
    [InlineData("limits: { max_steps: 0 }", "6:26 agents[0].limits.max_steps: must be a whole number from 1 to 10000, not '0'")]
    [InlineData("limits: { max_steps: 1.5 }", "6:26 agents[0].limits.max_steps: must be a whole number from 1 to 10000, not '1.5'")]
    [InlineData("limits: { max_steps: 99999999999999999999 }", "6:26 agents[0].limits.max_steps: must be a whole number from 1 to 10000, not '99999999999999999999'")]
    [InlineData("limits: { max_steps: [1] }", "6:26 agents[0].limits.max_steps: must be a whole number from 1 to 10000, not a list")]
    [InlineData("limits: { max_tokens: -1 }", "6:27 agents[0].limits.max_tokens: must be a whole number, 1 or more, not '-1'")]
    [InlineData("limits: { timeout: soon }", "6:24 agents[0].limits.timeout: must be a duration such as 30s, 5m, 1h30m or 2d, from 1s to 30d, not 'soon'")]
    [InlineData("limits: { timeout: 31d }", "6:24 agents[0].limits.timeout: must be a duration such as 30s, 5m, 1h30m or 2d, from 1s to 30d, not '31d'")]
    [InlineData("limits: 5", "6:13 agents[0].limits: must be a mapping (key: value), not '5'")]
    [InlineData("tools: calculator", "6:12 agents[0].tools: must be a list of texts, not 'calculator'")]
    [InlineData("tools: [{a: b}]", "6:13 agents[0].tools[0]: must be text, not a mapping")]
    [InlineData("tools: [time, time]", "6:19 agents[0].tools[1]: 'time' is named twice")]
    [InlineData("tools: ['Bad Name']", "6:13 agents[0].tools[0]: 'Bad Name' is not the name of a tool")]
    [InlineData("behaviour: fast", "6:16 agents[0].behaviour: must be one of direct, react, plan-execute, director, pipeline, flow, reviewer, router, debate, not 'fast'")]
    [InlineData("behaviour: direct\ntools: [time]", "7:12 agents[0].tools: the behaviour direct calls no tools; use react, or leave the tools out")]
    [InlineData("temperature: hot", "6:18 agents[0].temperature: must be a number from 0 to 2, not 'hot'")]
    [InlineData("temperature: NaN", "6:18 agents[0].temperature: must be a number from 0 to 2, not 'NaN'")]
    [InlineData("labels: { a: [b] }", "6:18 agents[0].labels.a: must be text, not a list")]
    [InlineData("instructions: ${MISSING}", "6:19 agents[0].instructions: the environment variable MISSING is not set; set it, or give a default: ${MISSING:-value}")]
    [InlineData("instructions: ${broken", "6:19 agents[0].instructions: '${' starts a variable: write ${NAME} or ${NAME:-default}, or $${ for the characters themselves")]
    [InlineData("instructions: ${OPENAI_API_KEY}", "6:19 agents[0].instructions: ${OPENAI_API_KEY} looks like a secret, which may stand only in the api_key of a model")]
    [InlineData("instructions: ${DB_PASSWORD:-x}", "6:19 agents[0].instructions: ${DB_PASSWORD} looks like a secret")]
    [InlineData("instructions: \"\\0\"", "6:19 agents[0].instructions: contains the character U+0000, which cannot be stored; remove it")]
    [InlineData("instructions: !!binary aGk=", "6:19 agents[0].instructions: tags are not allowed: remove 'tag:yaml.org,2002:binary'")]
    [InlineData("instructions: *other", "6:19 agents[0].instructions: aliases are not allowed: write the value out instead of '*other'")]
    [InlineData("description: one\ndescription: two", "7:5 agents[0].description: stands here a second time; the first is in line 6")]
    [InlineData("? [a, b]\n: c", "6:7 agents[0]: a key must be text of 1 to 128 characters")]
    public void An_agent_that_is_wrong_is_explained(string lines, string expected) =>
        Files.ErrorsOf(Files.WithAgent(lines)).ShouldHaveSingleItem().ShouldStartWith(expected);

    [Theory]
    [InlineData("provider: openai-compatible\nurl: http://h/v1\nmodel: x\napi_key: sk-12345678", "9:14 models[0].api_key: must be exactly a reference to a variable ending in _API_KEY")]
    [InlineData("provider: openai-compatible\nurl: http://h/v1\nmodel: x\napi_key: ${X_API_KEY:-sk-12345678}", "9:14 models[0].api_key: must be exactly a reference")]
    [InlineData("provider: openai-compatible\nurl: http://h/v1\nmodel: x\napi_key: Bearer ${X_API_KEY}", "9:14 models[0].api_key: must be exactly a reference")]
    [InlineData("provider: openai-compatible\nurl: http://h/v1\nmodel: x\napi_key: ${HOME}", "9:14 models[0].api_key: 'HOME' is not allowed")]
    [InlineData("provider: openai-compatible\nurl: http://h/v1\nmodel: x\napi_key: ${MINION_API_KEY}", "9:14 models[0].api_key: 'MINION_API_KEY' is not allowed")]
    [InlineData("provider: oracle", "6:15 models[0].provider: There is no provider 'oracle'")]
    [InlineData("provider: openai-compatible\nmodel: x", "5:5 models[0].url: ")]
    [InlineData("provider: scripted\nscript: { rules: [ { match: '(' , say: x } ], otherwise: y }", "7:33 models[0].script.rules[0].match: ")]
    [InlineData("provider: scripted\nscript: { rules: [ { match: a, say: x } ], otherwise: y }\ntimeout: 61m", "8:14 models[0].timeout: must be a duration")]
    public void A_model_that_is_wrong_is_explained_and_never_shows_a_key(string lines, string expected)
    {
        var error = Files.ErrorsOf(Files.WithModel(lines)).ShouldHaveSingleItem();

        error.ShouldStartWith(expected);
        error.ShouldNotContain("sk-12345678");
    }

    [Theory]
    [InlineData("provider: groq\nmodel: llama-3.1-8b-instant")]
    [InlineData("provider: anthropic\nmodel: claude-haiku-4-5\napi_key: ${TEAM_API_KEY}")]
    [InlineData("provider: gemini\nmodel: gemini-2.5-flash\nidle_timeout: 2m")]
    [InlineData("provider: ollama\nmodel: qwen3:8b\nurl: http://gpu:11434")]
    [InlineData("provider: local")]
    public void A_provider_needs_no_address_and_no_key_where_it_has_its_own(string lines) => Files.ErrorsOf(Files.WithModel(lines)).ShouldBeEmpty();

    [Theory]
    [InlineData("", "1:1 : the file is empty; it must start with 'apiVersion: minion.dev/v1'")]
    [InlineData("# only a comment\n", "1:1 : the file is empty")]
    [InlineData("just text", "1:1 : must be a mapping (key: value), not 'just text'")]
    [InlineData("- a\n- b", "1:1 : must be a mapping (key: value), not a list")]
    [InlineData("apiVersion: minion.dev/v1\nkind: AgentCluster\nmetadata: { name: a }\n---\nmore: 1", "4:1 : a second document starts here")]
    [InlineData("apiVersion: minion.dev/v1\n\tkind: AgentCluster", "2:1 : this is not YAML: the line is indented with a tab; use spaces")]
    [InlineData("apiVersion: [unclosed", ": this is not YAML: ")]
    [InlineData("a: \"b", ": this is not YAML: ")]
    [InlineData("a: b\u0000c", "1:5 : a control character stands here")]
    [InlineData("a: 1\nb: \u001b[31m", "2:4 : a control character stands here")]
    [InlineData("{\"a\": 1,,}", ": ")]
    public void A_file_that_cannot_be_read_is_explained(string content, string expected) =>
        string.Join('\n', Files.ErrorsOf(content)).ShouldContain(expected);

    [Fact]
    public void All_errors_are_reported_at_once_in_the_order_of_the_file()
    {
        var errors = Files.ErrorsOf("""
            apiVersion: minion.dev/v2
            kind: Cluster
            metadata: { nam: hello }
            models:
              - name: m
                provider: openai-compatible
                modl: x
            agents:
              - name: Big One
                limits: { max_steps: many, timeout: 5 }
              - name: twin
              - name: twin
              - just text
            extra: 1
            """);

        errors.Select(e => e.Split(": ")[0]).ShouldBe([
            "1:13 apiVersion", "2:7 kind", "3:11 metadata.name", "3:13 metadata.nam", "5:5 models[0].model", "5:5 models[0].url", "7:5 models[0].modl",
            "9:11 agents[0].name", "10:26 agents[0].limits.max_steps", "10:41 agents[0].limits.timeout", "12:11 agents[2].name", "13:5 agents[3]", "14:1 extra",
        ]);
    }

    [Fact]
    public void Variables_of_the_caller_are_put_into_values()
    {
        var file = Files.Read(
            Files.WithAgent("instructions: a ${X} b ${Y:-y} c ${Z:-} d ${E:-e} $${X} $5 $\nlimits: { max_steps: \"${N}\" }"),
            ("X", "1"), ("E", ""), ("N", "7"));

        file.Problems.InOrder.ShouldBeEmpty();
        file.File!.Agents[0].Definition.Instructions.ShouldBe("a 1 b y c  d e ${X} $5 $");
        file.File.Agents[0].Definition.Limits.MaxSteps.ShouldBe(7);
    }

    [Fact]
    public void A_variable_cannot_add_YAML_or_further_variables()
    {
        var file = Files.Read(Files.WithAgent("instructions: ${X}"), ("X", "hi\n  - name: intruder\n${Y} *a !!x"), ("Y", "no"));

        file.Problems.InOrder.ShouldBeEmpty();
        file.File!.Agents.ShouldHaveSingleItem().Definition.Instructions.ShouldBe("hi\n  - name: intruder\n${Y} *a !!x");
    }

    [Fact]
    public void Variables_that_make_a_small_file_big_are_refused()
    {
        var references = string.Concat(Enumerable.Repeat("${X}", 10_000));

        Files.ErrorsOf(Files.WithAgent($"description: \"{references}\""), ("X", new string('x', 100_000)))
            .ShouldContain(e => e.Contains("more than 1 MiB", StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_of_YAML_stay_as_they_are_written()
    {
        var definition = Files.Read(Files.WithAgent("description: yes\nlabels: { a: 007, b: 1.10, c: 'null', d: 2024-01-01 }\ncapabilities: [on, 5]")).File!.Agents[0].Definition;

        definition.Description.ShouldBe("yes");
        definition.Labels.Values.ShouldBe(["007", "1.10", "null", "2024-01-01"]);
        definition.Capabilities.ShouldBe(["on", "5"]);
    }
}
