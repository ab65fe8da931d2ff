//! Resources and completions.

use insta::assert_snapshot;

use crate::render::check;

#[test]
fn a_resource_is_read_by_its_tool() {
    assert_snapshot!(check(
        r"
paths:
  /shops:
    get: {operationId: listShops, summary: List shops, x-mcp: {resource: {uri: 'shop://shops', name: shops, title: Shops, description: All shops}}}
  /shops/{shop}:
    get:
      operationId: getShop
      summary: Get a shop
      x-mcp: {resource: {uri: 'shop://shops/{shop}', complete: {shop: {tool: list_shops, values: /data/*/name}}}}
      parameters: [{name: shop, in: path, required: true, schema: {type: string}}]
"
    ));
}

#[test]
fn a_resource_that_cannot_be_read_is_an_error() {
    assert_snapshot!(check(
        r"
paths:
  /shops/{shop}:
    parameters: [{name: shop, in: path, required: true, schema: {type: string}}]
    get: {operationId: getShop, summary: Get a shop, x-mcp: {resource: {uri: 'shop://one/{store}', complete: {store: {tool: get_shop, values: /data}, other: {tool: get_shp, values: data}}}}}
    delete: {operationId: closeShop, summary: Close a shop, x-mcp: {resource: {uri: '{shop}', name: get_shop}}}
"
    ));
}
