using System.Text.Json;
using Minion.Conformance.Models;

namespace Minion.Models.Tests.Providers.Scripted;

public sealed class ScriptedConformance : ChatProviderConformance
{
    protected override ModelDefinition Saying(string text) => Scripts.Model(new { otherwise = text });

    protected override ModelDefinition CallingTools(string text) => Scripts.Model(new
    {
        rules = new[]
        {
            new
            {
                match = "^go$",
                calls = new object[]
                {
                    new { tool = "calculator", arguments = new { expression = "6 * 7" } },
                    new { tool = "time", arguments = new { place = "Tokyo" } },
                },
                say = text,
            },
        },
    });
}

internal static class Scripts
{
    public static ModelDefinition Model(object script) =>
        new() { Name = "default", Provider = "scripted", Script = JsonSerializer.SerializeToElement(script) };
}
