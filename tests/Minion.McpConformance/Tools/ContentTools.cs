using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Minion.McpConformance.Tools;

/// <summary>Tools that give each kind of content.</summary>
[McpServerToolType]
internal sealed class ContentTools
{
    [McpServerTool(Name = "test_simple_text"), Description("Gives text.")]
    public static string SimpleText() => "This is a simple text response for testing.";

    [McpServerTool(Name = "test_image_content"), Description("Gives an image.")]
    public static ImageContentBlock Image() => Samples.Image();

    [McpServerTool(Name = "test_audio_content"), Description("Gives a sound.")]
    public static AudioContentBlock Audio() => AudioContentBlock.FromBytes(Samples.Wav, "audio/wav");

    [McpServerTool(Name = "test_embedded_resource"), Description("Gives a resource.")]
    public static EmbeddedResourceBlock Embedded() =>
        Samples.Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.");

    [McpServerTool(Name = "test_multiple_content_types"), Description("Gives text, an image and a resource.")]
    public static IEnumerable<ContentBlock> Several() =>
    [
        Samples.Text("Multiple content types test:"),
        Samples.Image(),
        Samples.Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""),
    ];

    [McpServerTool(Name = "test_error_handling"), Description("Fails.")]
    public static CallToolResult Fails() => new()
    {
        IsError = true,
        Content = [Samples.Text("This tool intentionally returns an error for testing")],
    };
}
