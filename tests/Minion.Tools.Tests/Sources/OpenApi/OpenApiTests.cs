using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Minion.Contracts.Tools.V1;
using Minion.Testing.Time;
using Minion.Tools.Schemas;
using Minion.Tools.Sources;
using Minion.Tools.Sources.OpenApi;
using Minion.Tools.Tests.Sources.Http;

namespace Minion.Tools.Tests.Sources.OpenApi;

public sealed class OpenApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private const string Pets =
        """
        openapi: 3.0.3
        info: { title: Pets, version: 1.0.0 }
        servers:
          - url: '{scheme}://nowhere.invalid/v{version}'
            variables: { scheme: { default: https }, version: { default: '2' } }
        security: [ { key: [] } ]
        components:
          securitySchemes:
            key: { type: apiKey, in: header, name: X-Key }
            other: { type: http, scheme: basic }
          parameters:
            limit: { name: limit, in: query, schema: { type: integer, minimum: 0, exclusiveMinimum: true } }
          schemas:
            Pet:
              type: object
              required: [id, name]
              properties:
                id: { type: integer, readOnly: true }
                name: { type: string, nullable: true }
                kind: { type: string, enum: [cat, dog], nullable: true }
                friends: { type: array, items: { $ref: '#/components/schemas/Pet' } }
                owner: { $ref: '#/components/schemas/Owner' }
            Owner: { type: object, properties: { pets: { type: array, items: { $ref: '#/components/schemas/Pet' } } } }
        paths:
          /pets:
            get:
              operationId: listPets
              summary: Lists pets.
              tags: [reading]
              parameters:
                - { $ref: '#/components/parameters/limit' }
                - { name: 'filter[kind]', in: query, schema: { type: array, items: { type: string } }, explode: false }
                - { name: where, in: query, style: deepObject, schema: { type: object } }
                - { name: Accept, in: header, schema: { type: string } }
            post:
              operationId: addPet
              requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
          /pets/{petId}:
            parameters:
              - { name: petId, in: path, required: true, schema: { type: integer } }
            get: { summary: Gets a pet., deprecated: true }
            delete: { operationId: removePet }
          /upload:
            post: { operationId: upload, requestBody: { required: true, content: { image/png: {} } } }
          /broken/{x}:
            get: { operationId: broken }
        """;

    [Fact]
    public async Task Operations_become_tools()
    {
        var (tools, source) = await ToolsAsync(Pets);
        tools.Select(tool => tool.Description.Name).ShouldBe(["pets_list_pets", "pets_add_pet", "pets_get_pets_pet_id", "pets_remove_pet"]);
        tools.Select(tool => tool.Description.Policy.Effect).ShouldBe([Effect.ReadOnly, Effect.SideEffect, Effect.ReadOnly, Effect.Idempotent]);
        tools[0].Description.Description.ShouldBe("Lists pets.");
        tools[2].Description.Description.ShouldContain("Deprecated");
        source.Health.Detail.ShouldContain("2 of 6 operations are left out");
        source.Health.Detail.ShouldContain("upload needs a body");
        source.Health.Detail.ShouldContain("broken has no parameter for {x}");
    }

    [Fact]
    public async Task Arguments_and_the_secret_go_where_the_description_says()
    {
        var (tools, _) = await ToolsAsync(Pets);
        var asked = (await tools[0].InvokeAsync("""{ "limit": 3, "filter_kind": ["cat", "dog"], "where": { "age": 2, "size": "s" } }""")).Value().GetProperty("body");
        asked.GetProperty("target").GetString().ShouldBe("/api/pets?limit=3&filter%5Bkind%5D=cat%2Cdog&where%5Bage%5D=2&where%5Bsize%5D=s");
        asked.GetProperty("headers").GetProperty("x-key").GetString().ShouldBe("***");

        (await tools[2].InvokeAsync("""{ "petId": 7 }""")).Value().GetProperty("body").GetProperty("target").GetString().ShouldBe("/api/pets/7");
        (await tools[1].InvokeAsync("""{ "body": { "name": null, "friends": [{ "name": "Tom", "friends": [] }] } }""", key: "k")).Value()
            .GetProperty("body").GetProperty("body").GetString().ShouldBe("""{ "name": null, "friends": [{ "name": "Tom", "friends": [] }] }""");
    }

    [Theory]
    [InlineData(0, """{ "limit": 0 }""", "exclusiveMinimum")]
    [InlineData(1, """{ }""", "required")]
    [InlineData(1, """{ "body": { "name": 1 } }""", "type")]
    [InlineData(1, """{ "body": { "name": "x", "owner": { "pets": [{ "name": "y", "friends": [{}] }] } } }""", "required")]
    [InlineData(2, """{ "petId": "x" }""", "type")]
    public async Task Arguments_are_held_to_the_description(int tool, string arguments, string keyword)
    {
        var (tools, _) = await ToolsAsync(Pets);
        JsonSchema.Parse(tools[tool].Description.InputSchema).Validate(JsonElement.Parse(arguments)).Select(error => error.Keyword).ShouldContain(keyword);
    }

    [Fact]
    public async Task Cycles_of_every_kind_come_to_an_end()
    {
        var (tools, source) = await ToolsAsync(
            """
            { "openapi": "3.1.0", "paths": {
                "/a": { "post": { "operationId": "a", "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } } } },
                "/b": { "post": { "operationId": "b", "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Bare1" } } } } } },
                "/c": { "post": { "operationId": "c", "requestBody": { "$ref": "#/components/requestBodies/R" } } },
                "/d": { "get": { "operationId": "d", "parameters": [ { "$ref": "#/paths/~1d/get/parameters/0" } ] } },
                "/e": { "$ref": "#/paths/~1f" }, "/f": { "$ref": "#/paths/~1e" },
                "/g": { "get": { "operationId": "g", "parameters": [ { "name": "x", "in": "query", "schema": { "$ref": "https://example.com/schema.json" } } ] } } },
              "components": {
                "requestBodies": { "R": { "$ref": "#/components/requestBodies/R" } },
                "schemas": {
                  "A": { "allOf": [ { "$ref": "#/components/schemas/B" } ], "properties": { "next": { "$ref": "#/components/schemas/A" } } },
                  "B": { "anyOf": [ { "$ref": "#/components/schemas/A" }, { "not": { "$ref": "#/components/schemas/B" } } ], "type": "object" },
                  "Bare1": { "$ref": "#/components/schemas/Bare2" }, "Bare2": { "$ref": "#/components/schemas/Bare1" } } } }
            """);
        tools.Select(tool => tool.Description.Name).ShouldBe(["pets_a", "pets_b"]);
        source.Health.Detail.ShouldContain("itself");
        source.Health.Detail.ShouldContain("not fetched");
        var schema = JsonSchema.Parse(tools[0].Description.InputSchema);
        schema.IsValid(JsonElement.Parse("""{ "body": { "next": { "next": {} } } }""")).ShouldBeTrue();
        schema.IsValid(JsonElement.Parse("""{ "body": { "next": 1 } }""")).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_the_operations_that_are_named_become_tools()
    {
        (await ToolsAsync(Pets, """, "operations": ["tag:read*", "delete /pets/*"]""")).Tools.Select(tool => tool.Description.Name)
            .ShouldBe(["pets_list_pets", "pets_remove_pet"]);
        Kind().Problems(Settings(Pets, """, "operations": ["nothing"]""")).Single().ShouldContain("none of the operations nothing");
    }

    [Fact]
    public async Task A_description_is_fetched_and_read_again_when_it_is_old()
    {
        var document = """{ "openapi": "3.1.0", "servers": [ { "url": "/api" } ], "paths": { "/one": { "get": { "operationId": "one" } } } }""";
        api.Answers["/openapi.json"] = context => context.Response.WriteAsync(document);
        var time = new ManualTime();
        await using var source = Kind(time).Create("pets", $$"""{ "url": "{{api.Url}}/openapi.json" }""");
        var tool = (await source.ListAsync(TestContext.Current.CancellationToken)).Single();
        (await tool.InvokeAsync("{}")).Value().GetProperty("body").GetProperty("target").GetString().ShouldBe("/api/one");

        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Changed += (_, _) => changed.TrySetResult();
        document = document.Replace("one", "two", StringComparison.Ordinal);
        time.Advance(TimeSpan.FromHours(1));
        await changed.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        (await source.ListAsync(TestContext.Current.CancellationToken)).Single().Description.Name.ShouldBe("pets_two");
        (await tool.InvokeAsync("{}")).Value();
    }

    [Theory]
    [InlineData("/api", "https://elsewhere.example/api")]
    [InlineData("/one", "/admin/one")]
    [InlineData("\"get\"", "\"head\"")]
    public async Task A_description_that_leads_elsewhere_than_before_makes_other_tools(string before, string after)
    {
        const string Document = """{ "openapi": "3.1.0", "servers": [ { "url": "/api" } ], "paths": { "/one": { "get": { "operationId": "op" } } } }""";

        var old = await HashAsync(Document);

        (await HashAsync(Document)).ShouldBe(old);
        (await HashAsync(Document.Replace(before, after, StringComparison.Ordinal))).ShouldNotBe(old);

        async Task<byte[]> HashAsync(string document)
        {
            api.Answers["/pinned.json"] = context => context.Response.WriteAsync(document);
            await using var source = Kind().Create("pets", $$"""{ "url": "{{api.Url}}/pinned.json" }""");
            return Minion.Tools.Registry.ToolHash.Of((await source.ListAsync(TestContext.Current.CancellationToken)).Single().Description);
        }
    }

    [Fact]
    public async Task A_description_does_not_open_the_private_network()
    {
        api.Answers["/evil.json"] = context => context.Response.WriteAsync("""{ "openapi": "3.1.0", "servers": [ { "url": "http://127.0.0.2:1" } ], "paths": { "/one": { "get": {} } } }""");
        await using var source = Kind().Create("pets", $$"""{ "url": "{{api.Url}}/evil.json" }""");
        (await (await source.ListAsync(TestContext.Current.CancellationToken)).Single().InvokeAsync("{}")).Failure().Message.ShouldContain("private network");
    }

    [Theory]
    [InlineData("/gone.json", "status 404")]
    [InlineData("/swagger.json", "Swagger 2.0")]
    [InlineData("/html", "no YAML")]
    [InlineData("/away.json", "private network")]
    public async Task What_cannot_be_read_is_said(string path, string expected)
    {
        api.Answers["/gone.json"] = context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };
        api.Answers["/swagger.json"] = context => context.Response.WriteAsync("""{ "swagger": "2.0" }""");
        api.Answers["/html"] = context => context.Response.WriteAsync("<html>\n\t<body>: : *x</body>");
        api.Answers["/away.json"] = context =>
        {
            context.Response.Redirect("http://127.0.0.2:1/");
            return Task.CompletedTask;
        };
        await using var source = Kind().Create("pets", $$"""{ "url": "{{api.Url}}{{path}}" }""");
        var exception = await Should.ThrowAsync<ToolSourceException>(async () => await source.ListAsync(TestContext.Current.CancellationToken));
        exception.Message.ShouldContain(expected);
        source.Health.State.ShouldBe(SourceState.Failing);
    }

    [Fact]
    public async Task Files_are_read_from_the_servers_folder_only()
    {
        var folder = Directory.CreateTempSubdirectory("minion-sources-");
        try
        {
            var inside = Directory.CreateDirectory(Path.Combine(folder.FullName, "apis"));
            await File.WriteAllTextAsync(Path.Combine(inside.FullName, "pets.yaml"), Pets, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "out.yaml"), Pets, TestContext.Current.CancellationToken);
            File.CreateSymbolicLink(Path.Combine(inside.FullName, "link.yaml"), Path.Combine(folder.FullName, "out.yaml"));
            (await Kind(folder: inside.FullName).Create("pets", """{ "file": "pets.yaml" }""").ListAsync(TestContext.Current.CancellationToken)).Count.ShouldBe(4);
            foreach (var file in new[] { "../out.yaml", "link.yaml", "none.yaml", "/etc/passwd", "." })
            {
                await Should.ThrowAsync<ToolSourceException>(async () => await Kind(folder: inside.FullName).Create("pets", JsonSerializer.Serialize(new { file })).ListAsync(default));
            }

            (await Should.ThrowAsync<ToolSourceException>(async () => await Kind().Create("pets", """{ "file": "pets.yaml" }""").ListAsync(default))).Message.ShouldContain("Tools:Sources:Folder");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_description_as_large_as_they_come_is_read()
    {
        var schemas = new JsonObject();
        var paths = new JsonObject();
        for (var i = 0; i < 700; i++)
        {
            schemas[$"S{i}"] = JsonNode.Parse($$"""{ "type": "object", "description": "{{new string('x', 300)}}", "properties": { "next": { "$ref": "#/components/schemas/S{{i + 1}}" } } }""");
            paths[$"/p{i}"] = JsonNode.Parse($$"""{ "post": { "operationId": "p{{i}}", "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/S{{Math.Max(i, 550)}}" } } } } } }""");
        }

        schemas["S700"] = JsonNode.Parse("""{ "type": "string" }""");
        var document = new JsonObject { ["openapi"] = "3.1.0", ["paths"] = paths, ["components"] = new JsonObject { ["schemas"] = schemas } };
        var (tools, source) = await ToolsAsync(document.ToJsonString());
        tools.Count.ShouldBe(300);
        tools.ShouldAllBe(tool => tool.Description.InputSchema.Length < 64 * 1024);
        source.Health.Detail.ShouldContain("name those that are wanted");
    }

    [Fact]
    public void Settings_are_checked_all_at_once()
    {
        Kind().Problems("""{ "document": "{}", "url": "x", "auth": "geheim" }""").Select(problem => problem.Split(' ')[0]).ShouldBe(["/url", "/auth", ""]);
        Kind().Problems("""{ }""").Single().ShouldContain("exactly one");
        Kind().Problems("""{ "document": "{" }""").Single().ShouldContain("no JSON");
        Kind().Problems(Settings(Pets, "", auth: "\"none\": \"${SHOP_TOKEN}\"")).Single().ShouldContain("key, other");
    }

    private OpenApiSourceKind Kind(TimeProvider? time = null, string folder = "") =>
        new(api.Guard, api.Secrets, new SourceFiles(Options.Create(new SourceFileOptions { Folder = folder })), time ?? TimeProvider.System);

    private string Settings(string document, string more, string auth = "\"key\": \"${SHOP_TOKEN}\"") =>
        $$"""{ "document": {{JsonSerializer.Serialize(document)}}, "server": "{{api.Url}}/api" {{(document.Contains("securitySchemes", StringComparison.Ordinal) ? $", \"auth\": {{ {auth} }}" : "")}} {{more}} }""";

    private async Task<(IReadOnlyList<ITool> Tools, IToolSource Source)> ToolsAsync(string document, string more = "")
    {
        var source = Kind().Create("pets", Settings(document, more), secrets: api.Secrets);
        return (await source.ListAsync(TestContext.Current.CancellationToken), source);
    }
}
