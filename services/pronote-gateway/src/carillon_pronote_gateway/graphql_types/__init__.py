"""The types of the GraphQL schemas: names, order and nullability as in pronote-api 3.1.0, additions marked so."""
