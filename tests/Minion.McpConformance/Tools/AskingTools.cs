using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.McpConformance.Tools;

/// <summary>Tools that ask the client by requests of their own, as the versions until 2025-11-25 do.</summary>
[McpServerToolType]
internal sealed class AskingTools
{
    [McpServerTool(Name = "test_sampling"), Description("Asks the client's model.")]
    public static async Task<string> SampleAsync(McpServer server, [Description("What to ask.")] string prompt, CancellationToken cancellationToken)
    {
        var answer = await server.SampleAsync(
            new CreateMessageRequestParams { Messages = [new SamplingMessage { Role = Role.User, Content = [Samples.Text(prompt)] }], MaxTokens = 100 }, cancellationToken);
        return $"LLM response: {string.Concat(answer.Content.OfType<TextContentBlock>().Select(block => block.Text))}";
    }

    [McpServerTool(Name = "test_elicitation"), Description("Asks the client's user.")]
    public static async Task<string> ElicitAsync(McpServer server, [Description("What to ask.")] string message, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(
            new ElicitRequestParams
            {
                Message = message,
                RequestedSchema = new ElicitRequestParams.RequestSchema
                {
                    Properties =
                    {
                        ["username"] = new ElicitRequestParams.StringSchema { Description = "User's response" },
                        ["email"] = new ElicitRequestParams.StringSchema { Description = "User's email address" },
                    },
                    Required = ["username", "email"],
                },
            },
            cancellationToken);
        return $"User response: action: {answer.Action}, content: {Samples.Json(answer.Content)}";
    }

    [McpServerTool(Name = "test_elicitation_sep1034_defaults"), Description("Asks with a form whose fields have values already.")]
    public static Task<string> DefaultsAsync(McpServer server, CancellationToken cancellationToken) => FormAsync(
        server,
        new ElicitRequestParams.RequestSchema
        {
            Properties =
            {
                ["name"] = new ElicitRequestParams.StringSchema { Default = "John Doe" },
                ["age"] = new ElicitRequestParams.NumberSchema { Type = "integer", Default = 30 },
                ["score"] = new ElicitRequestParams.NumberSchema { Default = 95.5 },
                ["status"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
                ["verified"] = new ElicitRequestParams.BooleanSchema { Default = true },
            },
        },
        cancellationToken);

    [McpServerTool(Name = "test_elicitation_sep1330_enums"), Description("Asks with a form of each kind of choice.")]
    public static Task<string> ChoicesAsync(McpServer server, CancellationToken cancellationToken) => FormAsync(
        server,
        new ElicitRequestParams.RequestSchema
        {
            Properties =
            {
                ["untitledSingle"] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
                ["titledSingle"] = new ElicitRequestParams.TitledSingleSelectEnumSchema { OneOf = Options("Option") },
#pragma warning disable MCP9001 // The suite asks for it.
                ["legacyEnum"] = new ElicitRequestParams.LegacyTitledEnumSchema
                {
                    Enum = ["opt1", "opt2", "opt3"],
                    EnumNames = ["Option One", "Option Two", "Option Three"],
                },
#pragma warning restore MCP9001
                ["untitledMulti"] = new ElicitRequestParams.UntitledMultiSelectEnumSchema
                {
                    Items = new ElicitRequestParams.UntitledEnumItemsSchema { Enum = ["option1", "option2", "option3"] },
                },
                ["titledMulti"] = new ElicitRequestParams.TitledMultiSelectEnumSchema
                {
                    Items = new ElicitRequestParams.TitledEnumItemsSchema { AnyOf = Options("Choice") },
                },
            },
        },
        cancellationToken);

    private static List<ElicitRequestParams.EnumSchemaOption> Options(string what) =>
    [
        new() { Const = "value1", Title = $"First {what}" },
        new() { Const = "value2", Title = $"Second {what}" },
        new() { Const = "value3", Title = $"Third {what}" },
    ];

    private static async Task<string> FormAsync(McpServer server, ElicitRequestParams.RequestSchema schema, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = "Please look at the fields.", RequestedSchema = schema }, cancellationToken);
        return $"Elicitation completed: action={answer.Action}, content={Samples.Json(answer.Content)}";
    }
}
