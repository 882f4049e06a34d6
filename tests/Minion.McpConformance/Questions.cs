using ModelContextProtocol.Protocol;

namespace Minion.McpConformance;

/// <summary>What must be answered first.</summary>
internal static class Questions
{
    public static InputRequiredException Ask(params IEnumerable<(string Id, InputRequest Request)> asked) => Ask(null, asked);

    public static InputRequiredException Ask(string? state, params IEnumerable<(string Id, InputRequest Request)> asked) =>
        new(asked.ToDictionary(one => one.Id, one => one.Request, StringComparer.Ordinal), state);

    public static InputRequest Form(string message, string field) => InputRequest.ForElicitation(new ElicitRequestParams
    {
        Message = message,
        RequestedSchema = new ElicitRequestParams.RequestSchema { Properties = { [field] = new ElicitRequestParams.StringSchema() }, Required = [field] },
    });

    public static InputRequest Confirmation(string message) => InputRequest.ForElicitation(new ElicitRequestParams
    {
        Message = message,
        RequestedSchema = new ElicitRequestParams.RequestSchema { Properties = { ["ok"] = new ElicitRequestParams.BooleanSchema() }, Required = ["ok"] },
    });

    public static InputRequest Model(string prompt, int tokens) => InputRequest.ForSampling(new CreateMessageRequestParams
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [Samples.Text(prompt)] }],
        MaxTokens = tokens,
    });

    public static InputRequest Roots() => InputRequest.ForRootsList(new ListRootsRequestParams());
}
