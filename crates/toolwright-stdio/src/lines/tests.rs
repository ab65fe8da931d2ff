use rmcp::model::RequestId;
use tokio::io::AsyncWriteExt as _;

use super::{Line, LineReader, TooLong};

const LIMIT: usize = 40;

/// All lines of an input that arrives in parts of this size, as text.
async fn lines_in_parts(input: &str, part: usize) -> Vec<String> {
    let (mut client, server) = tokio::io::duplex(part);
    let input = input.to_owned();
    let writing = tokio::spawn(async move {
        client.write_all(input.as_bytes()).await.unwrap();
    });
    let mut reader = LineReader::new(server, LIMIT);
    let mut lines = Vec::new();
    while let Some(line) = reader.next().await.unwrap() {
        lines.push(match line {
            Line::Whole(line) => String::from_utf8(line.to_vec()).unwrap(),
            Line::TooLong(TooLong { bytes, id, .. }) => format!("{bytes} bytes, id {id:?}"),
        });
    }
    writing.await.unwrap();
    lines
}

#[tokio::test]
async fn lines_are_the_same_whatever_the_parts_they_arrive_in() {
    let long = r#"{"id":7,"method":"m","params":{"text":"0123456789"}}"#;
    let input = format!("one\n\n{long}\ntwo\n{}\n{long}\r\nthree\n", "x".repeat(LIMIT));
    let id = RequestId::Number(7);
    let expected = [
        "one",
        "",
        &format!("52 bytes, id {:?}", Some(&id)),
        "two",
        &"x".repeat(LIMIT),
        &format!("53 bytes, id {:?}", Some(&id)),
        "three",
    ];
    for part in [1, 2, 3, 7, 1000] {
        assert_eq!(lines_in_parts(&input, part).await, expected, "in parts of {part}");
    }
}

#[tokio::test]
async fn a_line_without_an_end_is_dropped() {
    assert_eq!(lines_in_parts("one\ntwo", 100).await, ["one"]);
    assert_eq!(lines_in_parts(&"x".repeat(2 * LIMIT), 100).await, [""; 0]);
}

#[tokio::test]
async fn reading_goes_on_where_it_was_interrupted() {
    let (mut client, server) = tokio::io::duplex(100);
    let mut reader = LineReader::new(server, LIMIT);
    let long = "y".repeat(LIMIT);
    for (line, expected) in [
        ("one".to_owned(), Line::Whole(b"one")),
        (long.clone() + "y", Line::TooLong(TooLong { bytes: 41, limit: LIMIT, id: None })),
        (long.clone(), Line::Whole(long.as_bytes())),
    ] {
        for byte in line.bytes() {
            client.write_all(&[byte]).await.unwrap();
            tokio::select! {
                biased;
                line = reader.next() => panic!("not a line yet: {line:?}"),
                () = std::future::ready(()) => {}
            }
        }
        client.write_all(b"\n").await.unwrap();
        assert_eq!(reader.next().await.unwrap(), Some(expected));
    }
}

#[tokio::test]
async fn a_long_line_leaves_no_large_buffer_behind() {
    let (mut client, server) = tokio::io::duplex(1 << 20);
    let writing = tokio::spawn(async move {
        for length in [2_000_000, 3, 5_000_000, 3] {
            client.write_all(&vec![b'x'; length]).await.unwrap();
            client.write_all(b"\n").await.unwrap();
        }
    });
    let mut reader = LineReader::new(server, 4_000_000);
    for _ in 0..2 {
        let is_long = reader.next().await.unwrap().is_some();
        assert!(is_long);
        assert_eq!(reader.next().await.unwrap(), Some(Line::Whole(b"xxx")));
        assert!(reader.current.kept.capacity() <= super::KEPT_BYTES);
    }
    writing.await.unwrap();
}
