using System.ComponentModel;
using Minion.ServiceDefaults.Callers;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.McpConformance.Tools;

/// <summary>Tools that give back what must be answered first, and are called again with the answers.</summary>
[McpServerToolType]
internal sealed class RoundTripTools
{
    private const string Purpose = "conformance";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    [McpServerTool(Name = "test_input_required_result_elicitation"), Description("Asks for a name.")]
    public static CallToolResult Name(RequestContext<CallToolRequestParams> request) =>
        Answers.Field(request.Params, "user_name", "name") is { } name
            ? Samples.Result($"Hello, {name}!")
            : throw Questions.Ask(("user_name", Questions.Form("What is your name?", "name")));

    [McpServerTool(Name = "test_input_required_result_sampling"), Description("Asks a model.")]
    public static CallToolResult Model(RequestContext<CallToolRequestParams> request) =>
        Answers.Said(request.Params, "capital_question") is { } said
            ? Samples.Result(said)
            : throw Questions.Ask(("capital_question", Questions.Model("What is the capital of France?", 100)));

    [McpServerTool(Name = "test_input_required_result_list_roots"), Description("Asks for the client's roots.")]
    public static CallToolResult Roots(RequestContext<CallToolRequestParams> request) =>
        Answers.Roots(request.Params, "client_roots") is { } roots
            ? Samples.Result($"Roots: {roots}")
            : throw Questions.Ask(("client_roots", Questions.Roots()));

    [McpServerTool(Name = "test_input_required_result_request_state"), Description("Gives a state along.")]
    public static CallToolResult State(RequestContext<CallToolRequestParams> request, Seal seal) =>
        Answers.Has(request.Params, "confirm") && Opened(request, seal) == "confirm"
            ? Samples.Result("state-ok")
            : throw Questions.Ask(seal.Close("confirm", Purpose, Life), ("confirm", Questions.Confirmation("Please confirm")));

    [McpServerTool(Name = "test_input_required_result_multiple_inputs"), Description("Asks for three things at once.")]
    public static CallToolResult Several(RequestContext<CallToolRequestParams> request, Seal seal) =>
        Answers.Field(request.Params, "user_name", "name") is { } name
        && Answers.Said(request.Params, "greeting") is { } greeting
        && Answers.Roots(request.Params, "client_roots") is { } roots
        && Opened(request, seal) == "several"
            ? Samples.Result($"{greeting}, {name}! {roots}")
            : throw Questions.Ask(
                seal.Close("several", Purpose, Life),
                ("user_name", Questions.Form("What is your name?", "name")),
                ("greeting", Questions.Model("Generate a greeting", 50)),
                ("client_roots", Questions.Roots()));

    [McpServerTool(Name = "test_input_required_result_multi_round"), Description("Asks twice, one after the other.")]
    public static CallToolResult Rounds(RequestContext<CallToolRequestParams> request, Seal seal) => Opened(request, seal) switch
    {
        "step1" when Answers.Field(request.Params, "step1", "name") is { } name => throw Questions.Ask(
            seal.Close($"step2:{name}", Purpose, Life), ("step2", Questions.Form("Step 2: What is your favorite color?", "color"))),
        { } state when state.StartsWith("step2:", StringComparison.Ordinal) && Answers.Field(request.Params, "step2", "color") is { } color =>
            Samples.Result($"{state["step2:".Length..]} likes {color}."),
        _ => throw Questions.Ask(seal.Close("step1", Purpose, Life), ("step1", Questions.Form("Step 1: What is your name?", "name"))),
    };

    [McpServerTool(Name = "test_input_required_result_tampered_state"), Description("Refuses a state that was changed.")]
    public static CallToolResult Sealed(RequestContext<CallToolRequestParams> request, Seal seal) =>
        request.Params?.RequestState is null
            ? throw Questions.Ask(seal.Close("sealed", Purpose, Life), ("confirm", Questions.Confirmation("Please confirm")))
            : Opened(request, seal) == "sealed" ? Samples.Result("state-ok") : throw Changed();

    [McpServerTool(Name = "test_input_required_result_capabilities"), Description("Asks only for what the client can do.")]
    public static CallToolResult Capable(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params?.InputResponses is { Count: > 0 })
        {
            return Samples.Result("Answered.");
        }

        var can = request.Server.ClientCapabilities;
        var asked = new List<(string, InputRequest)>();
        if (can?.Elicitation is not null)
        {
            asked.Add(("user_name", Questions.Form("What is your name?", "name")));
        }

        if (can?.Sampling is not null)
        {
            asked.Add(("greeting", Questions.Model("Generate a greeting", 50)));
        }

        return asked.Count == 0 ? Samples.Result("The client can answer nothing.") : throw Questions.Ask([.. asked]);
    }

    private static string? Opened(RequestContext<CallToolRequestParams> request, Seal seal) =>
        request.Params?.RequestState is not { } state ? null : seal.Open(state, Purpose) ?? throw Changed();

    private static McpProtocolException Changed() => new("The requestState was changed.", McpErrorCode.InvalidParams);
}
