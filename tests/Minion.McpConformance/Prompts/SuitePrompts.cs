using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.McpConformance.Prompts;

/// <summary>The prompts that the suite asks for.</summary>
[McpServerPromptType]
internal sealed class SuitePrompts
{
    [McpServerPrompt(Name = "test_simple_prompt"), Description("A prompt without arguments.")]
    public static string Simple() => "This is a simple prompt for testing.";

    [McpServerPrompt(Name = "test_prompt_with_arguments"), Description("A prompt with two arguments.")]
    public static string WithArguments([Description("The first.")] string arg1, [Description("The second.")] string arg2) =>
        $"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'";

    [McpServerPrompt(Name = "test_prompt_with_embedded_resource"), Description("A prompt with a resource.")]
    public static IEnumerable<PromptMessage> WithResource([Description("Which one.")] string resourceUri) =>
    [
        User(Samples.Embedded(resourceUri, "text/plain", "Embedded resource content for testing.")),
        User(Samples.Text("Please process the embedded resource above.")),
    ];

    [McpServerPrompt(Name = "test_prompt_with_image"), Description("A prompt with an image.")]
    public static IEnumerable<PromptMessage> WithImage() => [User(Samples.Image()), User(Samples.Text("Please analyze the image above."))];

    [McpServerPrompt(Name = "test_input_required_result_prompt"), Description("A prompt that asks something first.")]
    public static string Asks(RequestContext<GetPromptRequestParams> request) =>
        Answers.Field(request.Params, "user_context", "context") is { } context
            ? $"Use this context: {context}"
            : throw Questions.Ask(("user_context", Questions.Form("What context should the prompt use?", "context")));

    private static PromptMessage User(ContentBlock content) => new() { Role = Role.User, Content = content };
}
